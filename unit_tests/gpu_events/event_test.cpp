// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <torc/error.hpp>

#if defined(TORC_TEST_CUDA)
#include "backends/kokkos/event_cuda.hpp"
namespace gpu = torc::backends::kokkos::cuda;
#define SPACE "Cuda"
#define CALL "cuda"
#else
#include "backends/kokkos/event_hip.hpp"
namespace gpu = torc::backends::kokkos::hip;
#define SPACE "HIP"
#define CALL "hip"
#endif

namespace {

TEST(event, finds_devices_or_says_why_there_is_none) {
  const auto found = gpu::find_devices();
  if (found.count == 0) {
    EXPECT_THAT(found.reason, testing::StartsWith(CALL "GetDeviceCount: "));
  } else {
    EXPECT_EQ(found.reason, "");
    EXPECT_THAT(gpu::describe(0), testing::StartsWith(SPACE " device 0 ("));
  }
}

TEST(event, is_ready_when_the_stream_is_idle) {
  if (gpu::find_devices().count == 0) {
    EXPECT_THROW(gpu::stream(0), torc::device_error) << "there is no device";
    return;
  }
  gpu::stream stream(0);
  EXPECT_NE(stream.handle(), nullptr);
  for (int i = 0; i < 2; ++i) {
    stream.record();
    while (!stream.is_ready()) {
    }
  }
}

TEST(event, names_the_device_and_the_call_that_failed) {
  try {
    gpu::use_device(12345);
    ADD_FAILURE() << "there is such a device";
  } catch (const torc::device_error& failure) {
    EXPECT_THAT(failure.what(), testing::StartsWith(SPACE " device 12345: " CALL "SetDevice: "));
  }
}

}  // namespace

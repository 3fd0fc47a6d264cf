// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/openmp.hpp"

#include <gtest/gtest.h>
#include <omp.h>
#include <sched.h>

#include <cstdlib>
#include <thread>
#include <torc/torc.hpp>

#include "core/os/topology.hpp"

/// This program is linked with OpenMP.
namespace {

TEST(openmp, begins_as_many_threads_as_a_thread_is_told_and_then_as_many_as_before) {
  std::thread([] {
    omp_set_num_threads(7);
    torc::os::set_openmp_threads(3);
    torc::os::set_openmp_threads(2);
    EXPECT_EQ(omp_get_max_threads(), 2);
    torc::os::set_openmp_threads(0);
    EXPECT_EQ(omp_get_max_threads(), 7);
    torc::os::set_openmp_threads(0);
    EXPECT_EQ(omp_get_max_threads(), 7);
  }).join();
}

TEST(openmp, has_no_places_unless_it_is_told_to_bind) {
  if (std::getenv("OMP_PROC_BIND") != nullptr) GTEST_SKIP() << "it is told to";
  EXPECT_TRUE(torc::os::openmp_places().empty());
}

/// The number of threads that the region of a task gets.
int threads_of_a_region() {
  int count = 0;
#pragma omp parallel
#pragma omp single
  count = omp_get_num_threads();
  return count;
}

TEST(openmp, gives_a_body_a_thread_for_each_of_its_cores) {
  torc::init(torc::options{.workers = 3, .stats = 0});
  torc::launch([] {
    const int before = torc::submit(torc::local(threads_of_a_region)).result();
    EXPECT_EQ(torc::submit({.cores = 3}, torc::local(threads_of_a_region)).result(), 3);
    for (int worker = 0; worker < 3; ++worker)
      EXPECT_EQ(torc::submit({.worker = worker, .pinned = true}, torc::local(threads_of_a_region)).result(), before);
  });
  EXPECT_EQ(torc::shutdown(), 0);
}

class openmp_that_binds_death_test : public testing::Test {
 protected:
  /// Death tests start the program anew, and OpenMP with it.
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    setenv("OMP_PROC_BIND", "true", 1);
  }
  void TearDown() override { unsetenv("OMP_PROC_BIND"); }

  static int usable_hardware_threads() {
    cpu_set_t set;
    CPU_ZERO(&set);
    EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    return CPU_COUNT(&set);
  }
};

TEST_F(openmp_that_binds_death_test, hides_no_core_from_torc) {
  const int cores = torc::os::machine().allowed_cores();
  EXPECT_EXIT(std::exit(torc::os::machine().allowed_cores()), testing::ExitedWithCode(cores), "");
}

TEST_F(openmp_that_binds_death_test, does_not_keep_workers_on_the_core_of_the_first_thread) {
  const int all = usable_hardware_threads();
  const auto usable_on_a_worker = [] {
    int usable = 0;
    torc::init(torc::options{.workers = 2, .primary = torc::primary_place::thread, .stats = 0});
    torc::launch([&] { usable = torc::submit(torc::local(usable_hardware_threads)).result(); });
    torc::shutdown();
    return usable;
  };
  EXPECT_EXIT(std::exit(usable_on_a_worker()), testing::ExitedWithCode(all), "");
}

}  // namespace

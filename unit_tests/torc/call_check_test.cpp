// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// Conversions to a function's parameters that are not refused (unit_tests/no_compile has those that are).
namespace {

enum class shade : std::uint8_t { red, green };
enum level { low, high };

template <class Parameter, class Given>
Parameter submitted_as(Given given) {
  return torc::submit([](Parameter p) { return p; }, given).result();
}

TEST(call_check, lets_arguments_convert_that_lose_no_fraction) {
  tests::on_workers(1, [] {
    EXPECT_EQ(submitted_as<double>(1), 1.0);
    EXPECT_EQ(submitted_as<double>(2.5F), 2.5);
    EXPECT_EQ(submitted_as<float>(2.5), 2.5F);
    EXPECT_EQ(submitted_as<std::size_t>(7), 7U);
    EXPECT_EQ(submitted_as<std::int64_t>(-7), -7);
    EXPECT_EQ(submitted_as<int>(std::size_t{7}), 7);
    EXPECT_EQ(submitted_as<int>('a'), 97);
    EXPECT_EQ(submitted_as<int>(true), 1);
    EXPECT_EQ(submitted_as<int>(high), 1);
    EXPECT_EQ(submitted_as<shade>(shade::green), shade::green);
    EXPECT_EQ(submitted_as<std::complex<double>>(2.5), 2.5);
    EXPECT_EQ(submitted_as<std::optional<double>>(1), 1.0);
    EXPECT_EQ(submitted_as<std::optional<int>>(std::optional<short>(1)), 1);
    EXPECT_EQ(submitted_as<std::string>("text"), "text");
    EXPECT_EQ(torc::submit([](auto x) { return x; }, 2.5).result(), 2.5);
    EXPECT_EQ(torc::map([](double x) { return x / 2; }, std::vector<int>{1, 2}), (std::vector<double>{0.5, 1}));
  });
}

TEST(call_check, lets_the_program_convert_itself) {
  tests::on_workers(1, [] { EXPECT_EQ(submitted_as<int>(static_cast<int>(2.7)), 2); });
}

}  // namespace

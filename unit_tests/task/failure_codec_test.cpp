// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/failure_codec.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstddef>
#include <exception>
#include <ios>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <torc/error.hpp>
#include <typeinfo>
#include <variant>
#include <vector>

#include "core/base/demangle.hpp"
#include "core/task/failures.hpp"

namespace {

using torc::remote_failure;
using torc::detail::input_archive;
using torc::detail::output_archive;
using torc::task::describe;
using torc::task::encode_failure;

std::vector<std::byte> encoded(const std::exception_ptr& failure, int node, const std::string& task_name) {
  std::vector<std::byte> bytes;
  output_archive out(bytes);
  encode_failure(failure, node, task_name, {}, out);
  return bytes;
}

std::exception_ptr crossed(const std::exception_ptr& failure, int node = 3,
                           const std::string& task_name = "likelihood") {
  const auto bytes = encoded(failure, node, task_name);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    input_archive in(cut);
    EXPECT_THROW(torc::task::decode_failure(in), torc::serialization_error)
        << size << " of " << bytes.size() << " bytes";
  }
  input_archive in(bytes);
  auto decoded = torc::task::decode_failure(in);
  EXPECT_EQ(in.left(), 0U);
  return decoded;
}

/// The exception as T, kept alive by the pointer; null if it is none.
template <class T>
const T* as(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const T& e) {
    return &e;
  } catch (...) {
    return nullptr;
  }
}

/// It arrives as itself, knows where it came from, and stays all that when it travels on.
template <class T>
void expect_arrives(const T& thrown) {
  const std::string type = torc::base::type_name<T>();
  SCOPED_TRACE(type);
  auto failure = std::make_exception_ptr(thrown);
  for (const int node : {3, 5, 0}) {
    failure = crossed(failure, node, node == 3 ? "likelihood" : "another");
    const auto* const e = as<T>(failure);
    ASSERT_NE(e, nullptr);
    EXPECT_STREQ(e->what(), thrown.what());
    const auto* const there = dynamic_cast<const remote_failure*>(e);
    ASSERT_NE(there, nullptr);
    EXPECT_EQ(as<remote_failure>(failure), there);
    EXPECT_EQ(there->node(), 3);
    EXPECT_EQ(there->task_name(), "likelihood");
    EXPECT_EQ(there->type_name(), type);
    EXPECT_EQ(there->message(), thrown.what());
  }
}

TEST(failure_codec, listed_types_arrive_as_themselves) {
  expect_arrives(std::logic_error("a"));
  expect_arrives(std::invalid_argument("b"));
  expect_arrives(std::domain_error("c"));
  expect_arrives(std::length_error("d"));
  expect_arrives(std::out_of_range("e"));
  expect_arrives(std::runtime_error("f"));
  expect_arrives(std::range_error("g"));
  expect_arrives(std::overflow_error("h"));
  expect_arrives(std::underflow_error(""));
  expect_arrives(std::system_error(std::make_error_code(std::errc::io_error), "j"));
  expect_arrives(std::bad_alloc());
  expect_arrives(torc::error("k"));
  expect_arrives(torc::config_error("l"));
  expect_arrives(torc::task_error("m"));
  expect_arrives(torc::serialization_error("n"));
  expect_arrives(torc::device_error("o"));
  expect_arrives(torc::transport_error("p"));
  expect_arrives(torc::identity_error("q"));
  expect_arrives(torc::timeout_error("r"));
  expect_arrives(torc::cancelled_error("s"));
}

TEST(failure_codec, is_of_no_type_but_its_own) {
  const auto failure = crossed(std::make_exception_ptr(std::out_of_range("x")));
  EXPECT_EQ(as<std::length_error>(failure), nullptr);
  EXPECT_EQ(as<std::runtime_error>(failure), nullptr);
  EXPECT_NE(as<std::logic_error>(failure), nullptr);
}

TEST(failure_codec, system_errors_keep_their_code) {
  struct own_category : std::error_category {
    const char* name() const noexcept override { return "own"; }
    std::string message(int) const override { return "own text"; }
  };
  static const own_category own;
  for (const std::error_code code : {std::error_code(ENOENT, std::generic_category()),
                                     std::error_code(EIO, std::system_category()), std::error_code(-7, own)}) {
    auto failure = std::make_exception_ptr(std::system_error(code, "file"));
    for (int hop = 0; hop < 2; ++hop) {
      failure = crossed(failure);
      const auto* const e = as<std::system_error>(failure);
      ASSERT_NE(e, nullptr);
      EXPECT_EQ(e->code().value(), code.value());
      EXPECT_STREQ(e->code().category().name(), code.category().name());
      EXPECT_STREQ(e->what(), std::system_error(code, "file").what());
    }
  }
  const auto failure =
      crossed(std::make_exception_ptr(std::system_error(std::make_error_code(std::errc::io_error), "file")));
  ASSERT_NE(as<std::system_error>(failure), nullptr);
  EXPECT_EQ(as<std::system_error>(failure)->code(), std::errc::io_error);
}

/// Of a program's own types, below listed ones and below none.
struct own_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct own_range_error : std::out_of_range {
  using std::out_of_range::out_of_range;
};
struct narrower_range_error final : own_range_error {
  using own_range_error::own_range_error;
};
struct own_timeout : torc::timeout_error {
  using torc::timeout_error::timeout_error;
};
struct own_exception : std::exception {
  const char* what() const noexcept override { return "why"; }
};

/// It arrives as its nearest listed base, and as nothing between that and itself.
template <class Base, class T>
void expect_arrives_as(const T& thrown) {
  SCOPED_TRACE(torc::base::type_name<T>());
  auto failure = std::make_exception_ptr(thrown);
  for (const int node : {3, 5}) {
    failure = crossed(failure, node, node == 3 ? "likelihood" : "another");
    const auto* const e = as<Base>(failure);
    ASSERT_NE(e, nullptr);
    EXPECT_STREQ(e->what(), thrown.what());
    EXPECT_EQ(as<T>(failure), nullptr);
    EXPECT_EQ(as<torc::task_error>(failure), nullptr);
    ASSERT_NE(as<remote_failure>(failure), nullptr);
    EXPECT_EQ(as<remote_failure>(failure)->node(), 3);
    EXPECT_EQ(as<remote_failure>(failure)->type_name(), torc::base::type_name<T>());
  }
}

TEST(failure_codec, types_derived_from_listed_ones_arrive_as_the_nearest_of_these) {
  expect_arrives_as<std::runtime_error>(own_error("a"));
  expect_arrives_as<std::out_of_range>(own_range_error("b"));
  expect_arrives_as<std::out_of_range>(narrower_range_error("c"));
  expect_arrives_as<torc::timeout_error>(own_timeout("d"));
  expect_arrives_as<std::bad_alloc>(std::bad_array_new_length());
  expect_arrives_as<std::system_error>(std::ios_base::failure("e", std::make_error_code(std::errc::io_error)));
}

void expect_other(std::exception_ptr failure, const std::string& type, const std::string& message,
                  const std::string& text) {
  for (const int node : {3, 5}) {
    failure = crossed(failure, node, node == 3 ? "likelihood" : "another");
    const auto* const e = as<torc::task_error>(failure);
    ASSERT_NE(e, nullptr) << type;
    EXPECT_EQ(e->what(), text);
    const auto* const there = as<remote_failure>(failure);
    ASSERT_NE(there, nullptr);
    EXPECT_EQ(there->node(), 3);
    EXPECT_EQ(there->task_name(), "likelihood");
    EXPECT_NE(there->type_name().find(type), std::string::npos) << there->type_name();
    EXPECT_EQ(there->message(), message);
  }
}

TEST(failure_codec, other_types_arrive_as_a_task_error_that_says_what_they_were_and_what_would_arrive) {
  const std::string advice =
      " (from another node it arrives as a torc::task_error; what is derived from std::runtime_error, or another "
      "listed in torc/error.hpp, arrives as that)";
  expect_other(std::make_exception_ptr(own_exception()), "own_exception", "why",
               "task 'likelihood' on node 3 threw " + torc::base::type_name<own_exception>() + ": why" + advice);
  expect_other(std::make_exception_ptr(7), "int", "", "task 'likelihood' on node 3 threw int" + advice);
  const char* const literal = "out of luck";
  expect_other(std::make_exception_ptr(literal), "char const*", "out of luck",
               "task 'likelihood' on node 3 threw char const*: out of luck" + advice);
  expect_other(
      std::make_exception_ptr(std::bad_variant_access()), "std::bad_variant_access", std::bad_variant_access().what(),
      "task 'likelihood' on node 3 threw std::bad_variant_access: " + std::string(std::bad_variant_access().what()));
}

template <class Outer>
std::exception_ptr nest(const Outer& outer, const std::exception_ptr& inner) {
  try {
    std::rethrow_exception(inner);
  } catch (...) {
    try {
      std::throw_with_nested(outer);
    } catch (...) {
      return std::current_exception();
    }
  }
}

TEST(failure_codec, nested_exceptions_arrive_with_all_that_is_in_them) {
  const auto cause = std::make_exception_ptr("at the bottom");
  const auto own = nest(own_error("below"), cause);
  auto failure = nest(std::system_error(std::make_error_code(std::errc::io_error), "top"),
                      nest(std::domain_error("between"), own));
  for (const int node : {3, 5}) {
    failure = crossed(failure, node);
    const auto* const top = as<std::system_error>(failure);
    ASSERT_NE(top, nullptr);
    EXPECT_EQ(top->code(), std::errc::io_error);
    EXPECT_EQ(as<remote_failure>(failure)->type_name(), "std::system_error");
    const auto second = torc::task::nested_in(failure);
    ASSERT_NE(as<std::domain_error>(second), nullptr);
    EXPECT_STREQ(as<std::domain_error>(second)->what(), "between");
    const auto third = torc::task::nested_in(second);
    ASSERT_NE(as<std::runtime_error>(third), nullptr);
    EXPECT_EQ(as<torc::task_error>(third), nullptr);
    EXPECT_EQ(as<remote_failure>(third)->type_name(), torc::base::type_name<own_error>());
    const auto last = torc::task::nested_in(third);
    ASSERT_NE(as<remote_failure>(last), nullptr);
    EXPECT_EQ(as<remote_failure>(last)->message(), "at the bottom");
    EXPECT_EQ(as<remote_failure>(last)->node(), 3);
    EXPECT_EQ(torc::task::nested_in(last), nullptr);
  }
  EXPECT_EQ(describe(own),
            torc::base::type_name<own_error>() + ": below, because of an exception of type char const*: at the bottom");
}

TEST(failure_codec, what_is_nested_without_end_is_cut_off) {
  auto failure = std::make_exception_ptr(std::runtime_error("bottom"));
  for (int depth = 0; depth < 1000; ++depth) failure = nest(std::runtime_error("level"), failure);
  const auto bytes = encoded(failure, 1, "t");
  input_archive in(bytes);
  failure = torc::task::decode_failure(in);
  int depth = 0;
  for (; failure != nullptr; ++depth) failure = torc::task::nested_in(failure);
  EXPECT_EQ(depth, 64);
}

TEST(failure_codec, copies_share_what_they_say) {
  const auto failure = crossed(std::make_exception_ptr(std::runtime_error("x")));
  const auto* const e = as<remote_failure>(failure);
  ASSERT_NE(e, nullptr);
  const auto* const copied = as<std::runtime_error>(failure);
  const std::runtime_error slice(*copied);
  EXPECT_STREQ(slice.what(), "x");
}

TEST(failure_codec, an_unknown_kind_is_refused) {
  auto bytes = encoded(std::make_exception_ptr(std::runtime_error("x")), 1, "t");
  const int not_listed = std::to_integer<int>(encoded(std::make_exception_ptr(7), 1, "t")[0]);  // the last
  for (const int kind : {not_listed + 1, 100, 255}) {
    bytes[0] = static_cast<std::byte>(kind);
    input_archive in(bytes);
    EXPECT_THROW(torc::task::decode_failure(in), torc::serialization_error) << kind;
  }
}

TEST(failure_codec, arrivals_are_described_by_their_first_type_and_node) {
  EXPECT_EQ(describe(crossed(std::make_exception_ptr(std::out_of_range("no such worker")))),
            "std::out_of_range: no such worker (on node 3)");
  EXPECT_EQ(describe(crossed(std::make_exception_ptr(7))), "int (on node 3)");
}

TEST(failure_codec, arrivals_know_their_first_place) {
  std::vector<std::byte> bytes;
  output_archive out(bytes);
  encode_failure(std::make_exception_ptr(std::out_of_range("x")), 3, "f", "at element 7 of its map, on node 3", out);
  input_archive in(bytes);
  const std::exception_ptr there = torc::task::decode_failure(in);
  EXPECT_EQ(describe(there), "std::out_of_range: x (at element 7 of its map, on node 3)");
  EXPECT_EQ(describe(crossed(there)), describe(there));
}

}  // namespace

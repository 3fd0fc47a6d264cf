// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/failure_codec.hpp"

#include <exception>
#include <future>
#include <ios>
#include <stdexcept>
#include <system_error>
#include <torc/error.hpp>

#include "unit_tests/fuzz/target.hpp"

namespace torc::fuzz {
namespace {

struct unknown_elsewhere {};

bytes bytes_of(const std::exception_ptr& failure) {
  bytes written;
  detail::output_archive out(written);
  task::encode_failure(failure, 3, "a task", {}, out);
  return written;
}

/// What is accepted can be thrown, says what it is, and travels on.
void decode(std::span<const std::byte> input) {
  std::exception_ptr failure;
  try {
    detail::input_archive in(input);
    failure = task::decode_failure(in);
  } catch (const serialization_error&) {
    return;
  }
  require(failure != nullptr);
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    require(e.what() != nullptr);
    require(dynamic_cast<const remote_failure*>(&e) != nullptr);
  }
  require(!bytes_of(failure).empty());
}

std::vector<bytes> seeds() {
  std::vector<std::exception_ptr> failures{
      std::make_exception_ptr(std::runtime_error("text")),
      std::make_exception_ptr(std::out_of_range("")),
      std::make_exception_ptr(std::bad_alloc()),
      std::make_exception_ptr(std::system_error(2, std::generic_category(), "a file")),
      std::make_exception_ptr(std::ios_base::failure("a stream")),
      std::make_exception_ptr(std::future_error(std::future_errc::broken_promise)),
      std::make_exception_ptr(task_error("of torc")),
      std::make_exception_ptr(unknown_elsewhere()),
      std::make_exception_ptr(5),
  };
  std::vector<bytes> all;
  for (const std::exception_ptr& failure : failures) all.push_back(bytes_of(failure));
  return all;
}

}  // namespace

const target failure{"failure", &decode, &seeds};

}  // namespace torc::fuzz

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>
#include <torc/detail/entry.hpp>

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <new>
#include <torc/error.hpp>

#include "core/base/count_of.hpp"
#include "core/task/failures.hpp"
#include "core/task/identity.hpp"

/// What is the same for tasks of all types when they cross between nodes.
namespace torc::detail {
namespace {

[[noreturn]] void throw_unknown_function(task::identity named) {
  for (const task::module_info& m : task::modules()) {
    if (m.id != named.module) continue;
    throw identity_error(
        fmt::format("a task's function would be at offset {:#x} of {}, where none is: the nodes do not "
                    "have the same library",
                    named.offset, m.path));
  }
  throw identity_error(fmt::format(
      "a task's function is at offset {:#x} of a program or library with the id {:016x}, which this node has "
      "not loaded: load that library on every node",
      named.offset, named.module));
}

/// In place of the exception that is being handled; an identity_error says enough.
[[noreturn]] void rethrow_as_serialization_error(const char* what) {
  try {
    throw;
  } catch (const identity_error&) {
    throw;
  } catch (const std::exception& e) {
    throw serialization_error(fmt::format("{}: {}", what, e.what()));
  } catch (...) {
    throw serialization_error(fmt::format("{}: {}", what, task::describe(std::current_exception())));
  }
}

void write_or_take_back(const record& from, output_archive& out, task_writer write, const char* complaint) {
  const std::size_t before = out.size_bytes();
  try {
    const codec_scope scope;
    write(from, out);
  } catch (...) {
    out.truncate(before);
    rethrow_as_serialization_error(complaint);
  }
}

struct visitor_deleter {
  void operator()(record* visitor) const noexcept {
    detail::destroy_members(*visitor);
    record::operator delete(visitor);
  }
};

}  // namespace

void encode_function(output_archive& out, const void* function) {
  const task::identity named = task::identify(function);
  out(named.module, named.offset);
}

const void* decode_function(input_archive& in) {
  task::identity named;
  in(named.module, named.offset);
  const void* const function = task::resolve_function(named);
  if (function == nullptr) throw_unknown_function(named);
  return function;
}

const void* find_function(input_archive& in) noexcept {
  if (in.left() < sizeof(task::identity)) return nullptr;
  task::identity named;
  in(named.module, named.offset);
  return task::resolve_function(named);
}

void encode_arguments(const record& from, output_archive& out, task_writer write) {
  write_or_take_back(from, out, write, "the arguments of a task cannot be written");
}

void call_visitor(input_archive& in, output_archive& out, record& (*read)(input_archive&), task_writer write_result) {
  std::unique_ptr<record, visitor_deleter> visitor;
  try {
    const codec_scope scope;
    visitor.reset(&read(in));
    if (in.left() != 0)
      throw serialization_error(
          fmt::format("{} left over behind the last of them", base::count_of(in.left(), "byte is", "bytes are")));
  } catch (...) {
    rethrow_as_serialization_error("the arguments of a task cannot be read");
  }
  visitor->type->run(*visitor);
  if (write_result != nullptr) {
    write_or_take_back(*visitor, out, write_result, "the result of a task cannot be written");
  }
}

void decode_result(record& into, input_archive& in, void (*read)(record&, input_archive&)) {
  try {
    const codec_scope scope;
    read(into, in);
  } catch (...) {
    rethrow_as_serialization_error("the result of a task cannot be read");
  }
}

std::vector<std::byte> encode_broadcast(const void* value, void (*write)(const void*, output_archive&)) {
  std::vector<std::byte> bytes;
  output_archive out(bytes);
  try {
    const codec_scope scope;
    write(value, out);
  } catch (...) {
    rethrow_as_serialization_error("a broadcast value cannot be written");
  }
  return bytes;
}

std::shared_ptr<const void> decode_broadcast(const std::vector<std::byte>& bytes, broadcast_reader read) {
  try {
    const codec_scope scope;
    input_archive in(bytes);
    std::shared_ptr<const void> value = read(in);
    if (in.left() != 0)
      throw serialization_error(
          fmt::format("{} left over behind it", base::count_of(in.left(), "byte is", "bytes are")));
    return value;
  } catch (...) {
    rethrow_as_serialization_error("a broadcast value cannot be read");
  }
}

void throw_missing_value() { throw serialization_error("a value is missing where one must be"); }

}  // namespace torc::detail

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/failure_codec.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <future>
#include <ios>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <system_error>
#include <torc/error.hpp>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/count_of.hpp"
#include "core/task/failures.hpp"

namespace torc::task {
namespace {

/// What the bytes hold, in this order.
struct description {
  std::uint8_t kind = 0;
  std::int32_t node = 0;
  std::string task_name;
  std::string type_name;
  std::string message;
  std::string place;
  std::int32_t code = 0;  ///< of a system_error
  std::string category;   ///< of a system_error
};

/// So many exceptions, one nested in the other, travel; deeper ones are left behind.
constexpr std::size_t most_nested = 64;

/// What all that arrived know of themselves, so that they can travel on.
struct kind_of_arrival {
  std::uint8_t kind;
};

/// An exception from another node that is of type Base as well. Not final, so that others can be nested in it.
template <class Base>
class arrived : public Base, public remote_failure, public kind_of_arrival {
 public:
  template <class... Given>
  explicit arrived(const description& d, Given&&... given)
      : Base(std::forward<Given>(given)...),
        remote_failure(d.node, d.task_name, d.type_name, d.message, d.place),
        kind_of_arrival{d.kind} {}
  // Not what Base makes of the text: a system_error would add its code's once more.
  const char* what() const noexcept override { return message().c_str(); }
};

/// One of a type that does not travel. A program's own types can be made to.
class arrived_other : public task_error, public remote_failure, public kind_of_arrival {
 public:
  explicit arrived_other(const description& d)
      : task_error(fmt::format("task '{}' on node {} threw {}{}{}{}", d.task_name, d.node, d.type_name,
                               d.message.empty() ? "" : ": ", d.message,
                               d.type_name.starts_with("std::")
                                   ? ""
                                   : " (from another node it arrives as a torc::task_error; what is derived from "
                                     "std::runtime_error, or another listed in torc/error.hpp, arrives as that)")),
        remote_failure(d.node, d.task_name, d.type_name, d.message, d.place),
        kind_of_arrival{d.kind} {}
};

/// The category of a code whose category this node does not know but by its name.
class foreign_category final : public std::error_category {
 public:
  explicit foreign_category(std::string name) : m_name(std::move(name)) {}
  const char* name() const noexcept override { return m_name.c_str(); }
  std::string message(int code) const override { return fmt::format("{} error {}", m_name, code); }

  /// One object a name, which lives for ever as categories do.
  static const std::error_category& of(const std::string& name) {
    static auto* const known = new std::unordered_map<std::string, std::unique_ptr<foreign_category>>;
    static auto* const mutex = new std::mutex;
    const std::scoped_lock lock(*mutex);
    auto& category = (*known)[name];
    if (category == nullptr) category = std::make_unique<foreign_category>(name);
    return *category;
  }

 private:
  const std::string m_name;
};

const std::error_category& category_of(const std::string& name) {
  for (const std::error_category* const known :
       {&std::generic_category(), &std::system_category(), &std::iostream_category(), &std::future_category()}) {
    if (name == known->name()) return *known;
  }
  return foreign_category::of(name);
}

/// The exception with another one, if there is one, nested in it.
template <class Exception>
std::exception_ptr around(Exception outer, const std::exception_ptr& inner) {
  if (inner == nullptr) return std::make_exception_ptr(std::move(outer));
  try {
    std::rethrow_exception(inner);
  } catch (...) {
    try {
      std::throw_with_nested(std::move(outer));
    } catch (...) {
      return std::current_exception();
    }
  }
}

/// How one listed type is recognised and made.
struct listed_type {
  bool (*is_base_of)(const std::exception&);
  std::exception_ptr (*make)(const description&, const std::exception_ptr& inner);
};

template <class T>
bool is_a(const std::exception& e) {
  return dynamic_cast<const T*>(&e) != nullptr;
}

template <class T>
listed_type with_text() {
  return {&is_a<T>, [](const description& d, const std::exception_ptr& inner) {
            return around(arrived<T>(d, d.message), inner);
          }};
}

listed_type of_bad_alloc() {
  return {&is_a<std::bad_alloc>, [](const description& d, const std::exception_ptr& inner) {
            return around(arrived<std::bad_alloc>(d), inner);
          }};
}

listed_type of_system_error() {
  return {&is_a<std::system_error>, [](const description& d, const std::exception_ptr& inner) {
            return around(arrived<std::system_error>(d, std::error_code(d.code, category_of(d.category))), inner);
          }};
}

/// By kind, each behind the listed types that it is derived from; what is none of them has their number as its kind.
const auto& listed_types() {
  static const std::array types{with_text<std::logic_error>(),
                                with_text<std::invalid_argument>(),
                                with_text<std::domain_error>(),
                                with_text<std::length_error>(),
                                with_text<std::out_of_range>(),
                                with_text<std::runtime_error>(),
                                with_text<std::range_error>(),
                                with_text<std::overflow_error>(),
                                with_text<std::underflow_error>(),
                                of_system_error(),
                                of_bad_alloc(),
                                with_text<error>(),
                                with_text<config_error>(),
                                with_text<task_error>(),
                                with_text<serialization_error>(),
                                with_text<device_error>(),
                                with_text<transport_error>(),
                                with_text<identity_error>(),
                                with_text<timeout_error>(),
                                with_text<cancelled_error>(),
                                with_text<stopped_error>()};
  return types;
}

/// That of the listed type which it is or, if it is none, of the nearest one that it is derived from.
std::uint8_t kind_of(const std::exception& e) {
  const auto& types = listed_types();
  const auto nearest =
      std::find_if(types.rbegin(), types.rend(), [&](const listed_type& type) { return type.is_base_of(e); });
  const auto number = nearest == types.rend() ? types.size() : static_cast<std::size_t>(types.rend() - nearest) - 1;
  return static_cast<std::uint8_t>(number);
}

void describe_exception(const std::exception& e, description& d) {
  if (const auto* const before = dynamic_cast<const remote_failure*>(&e); before != nullptr) {
    if (const auto* const known = dynamic_cast<const kind_of_arrival*>(&e); known != nullptr) d.kind = known->kind;
    d.node = before->node();
    d.task_name = before->task_name();
    d.type_name = before->type_name();
    d.message = before->message();
    d.place = before->place();
  } else {
    d.kind = kind_of(e);
    d.type_name = name_of_thrown(typeid(e));
    d.message = e.what() != nullptr ? e.what() : "";
  }
  if (const auto* const system = dynamic_cast<const std::system_error*>(&e); system != nullptr) {
    d.code = system->code().value();
    d.category = system->code().category().name();
  }
}

description description_of(const std::exception_ptr& failure, int node, const std::string& task_name,
                           const std::string& place) {
  description d{.kind = static_cast<std::uint8_t>(listed_types().size()),
                .node = node,
                .task_name = task_name,
                .place = place.empty() ? fmt::format("on node {}", node) : place};
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    describe_exception(e, d);
  } catch (...) {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    d.type_name = type != nullptr ? name_of_thrown(*type) : "an exception of a foreign language";
    d.message = text_of_thrown(failure);
  }
  return d;
}

std::vector<description> read_descriptions(detail::input_archive& in) {
  std::vector<description> outermost_first;
  bool has_nested = true;
  while (has_nested) {
    if (outermost_first.size() == most_nested) throw serialization_error("too many exceptions are nested in it");
    description& d = outermost_first.emplace_back();
    in(d.kind, d.node, d.task_name, d.type_name, d.message, d.place, d.code, d.category, has_nested);
    if (d.kind > listed_types().size()) throw serialization_error(fmt::format("there is no kind {}", d.kind));
  }
  if (in.left() != 0)
    throw serialization_error(fmt::format("{} left over", base::count_of(in.left(), "byte is", "bytes are")));
  return outermost_first;
}

}  // namespace

void encode_failure(const std::exception_ptr& failure, int node, const std::string& task_name, const std::string& place,
                    detail::output_archive& out) {
  TORC_CHECK(failure != nullptr);
  std::exception_ptr next = failure;
  for (std::size_t count = 1; next != nullptr; ++count) {
    const description d = description_of(next, node, task_name, place);
    next = count < most_nested ? nested_in(next) : nullptr;
    out(d.kind, d.node, d.task_name, d.type_name, d.message, d.place, d.code, d.category, next != nullptr);
  }
}

std::exception_ptr decode_failure(detail::input_archive& in) {
  std::vector<description> outermost_first;
  try {
    outermost_first = read_descriptions(in);
  } catch (const std::exception& e) {
    throw serialization_error(fmt::format("the failure of a task cannot be read: {}", e.what()));
  }
  const auto& types = listed_types();
  std::exception_ptr made;
  for (auto d = outermost_first.rbegin(); d != outermost_first.rend(); ++d)
    made = d->kind < types.size() ? types[d->kind].make(*d, made) : around(arrived_other(*d), made);
  return made;
}

}  // namespace torc::task

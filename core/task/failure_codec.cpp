// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/failure_codec.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

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

#include "core/base/check.hpp"
#include "core/base/demangle.hpp"

namespace torc::task {
namespace {

/// What the bytes hold, in this order.
struct description {
  std::uint8_t kind = 0;
  std::int32_t node = 0;
  std::string task_name;
  std::string type_name;
  std::string message;
  std::int32_t code = 0;  ///< of a system_error
  std::string category;   ///< of a system_error
};

/// An exception from another node that is of type Base as well.
template <class Base>
class arrived final : public Base, public remote_failure {
 public:
  template <class... Given>
  explicit arrived(const description& d, Given&&... given)
      : Base(std::forward<Given>(given)...), remote_failure(d.node, d.task_name, d.type_name, d.message) {}
  // Not what Base makes of the text: a system_error would add its code's once more.
  const char* what() const noexcept override { return message().c_str(); }
};

/// One of a type that does not travel.
class arrived_other final : public task_error, public remote_failure {
 public:
  explicit arrived_other(const description& d)
      : task_error(fmt::format("task '{}' on node {} threw {}{}{}", d.task_name, d.node, d.type_name,
                               d.message.empty() ? "" : ": ", d.message)),
        remote_failure(d.node, d.task_name, d.type_name, d.message) {}
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

/// How one listed type is recognised and made.
struct listed_type {
  const std::type_info* at_home;
  const std::type_info* from_elsewhere;
  std::exception_ptr (*make)(const description&);
};

template <class T>
listed_type with_text() {
  return {&typeid(T), &typeid(arrived<T>),
          [](const description& d) { return std::make_exception_ptr(arrived<T>(d, d.message)); }};
}

listed_type of_bad_alloc() {
  return {&typeid(std::bad_alloc), &typeid(arrived<std::bad_alloc>),
          [](const description& d) { return std::make_exception_ptr(arrived<std::bad_alloc>(d)); }};
}

listed_type of_system_error() {
  return {&typeid(std::system_error), &typeid(arrived<std::system_error>), [](const description& d) {
            const std::error_code code(d.code, category_of(d.category));
            return std::make_exception_ptr(arrived<std::system_error>(d, code));
          }};
}

/// By kind; `other` is the number of these.
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
                                with_text<cancelled_error>()};
  return types;
}

std::uint8_t kind_of(const std::type_info& type) {
  std::uint8_t kind = 0;
  for (const listed_type& listed : listed_types()) {
    if (type == *listed.at_home || type == *listed.from_elsewhere) break;
    ++kind;
  }
  return kind;
}

void describe_exception(const std::exception& e, description& d) {
  d.kind = kind_of(typeid(e));
  if (const auto* const before = dynamic_cast<const remote_failure*>(&e); before != nullptr) {
    d.node = before->node();
    d.task_name = before->task_name();
    d.type_name = before->type_name();
    d.message = before->message();
  } else {
    d.type_name = base::demangle(typeid(e).name());
    d.message = e.what() != nullptr ? e.what() : "";
  }
  if (const auto* const system = dynamic_cast<const std::system_error*>(&e); system != nullptr) {
    d.code = system->code().value();
    d.category = system->code().category().name();
  }
}

}  // namespace

void encode_failure(const std::exception_ptr& failure, int node, const std::string& task_name,
                    detail::output_archive& out) {
  TORC_CHECK(failure != nullptr);
  description d{.kind = static_cast<std::uint8_t>(listed_types().size()), .node = node, .task_name = task_name};
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    describe_exception(e, d);
  } catch (...) {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    d.type_name = type != nullptr ? base::demangle(type->name()) : "an exception of a foreign language";
  }
  out(d.kind, d.node, d.task_name, d.type_name, d.message, d.code, d.category);
}

std::exception_ptr decode_failure(detail::input_archive& in) {
  description d;
  try {
    in(d.kind, d.node, d.task_name, d.type_name, d.message, d.code, d.category);
  } catch (const std::exception& e) {
    throw serialization_error(fmt::format("the failure of a task cannot be read: {}", e.what()));
  }
  const auto& listed = listed_types();
  if (d.kind > listed.size()) {
    throw serialization_error(fmt::format("the failure of a task cannot be read: there is no kind {}", d.kind));
  }
  return d.kind < listed.size() ? listed[d.kind].make(d) : std::make_exception_ptr(arrived_other(d));
}

}  // namespace torc::task

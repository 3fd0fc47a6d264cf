// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <torc/error.hpp>
#include <torc/submit.hpp>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include "unit_tests/fuzz/target.hpp"

// Arguments and results of all kinds that the runtime hands to cereal or copies itself. No function by its address:
// nodes run the same program and believe each other's addresses.

namespace torc::fuzz {
namespace {

using mixed = std::tuple<std::vector<double>, std::string, std::map<std::string, std::vector<int>>,
                         std::unordered_map<int, std::string>, std::set<std::uint64_t>, std::optional<std::string>,
                         std::variant<int, std::string, std::vector<bool>>, std::shared_ptr<const std::string>,
                         std::unique_ptr<int>, std::list<std::pair<int, bool>>, std::array<float, 3>>;

/// Hands its arguments back as its result.
struct echo {
  mixed operator()(mixed values, bool, double, const std::vector<std::string>&) const { return values; }
};

using submitted = detail::submitted<echo, mixed, bool, double, std::vector<std::string>>;
static_assert(submitted::is_transferable);
using travelling = submitted::record_type;

struct deleter {
  void operator()(travelling* task) const noexcept {
    detail::destroy_members(*task);
    detail::record::operator delete(task);
  }
};
using owner = std::unique_ptr<travelling, deleter>;

owner task_with(mixed values) {
  return owner(new travelling(0, echo{}, std::move(values), true, 2.5, std::vector<std::string>{"a", "", "bc"}));
}

const detail::task_codec& codec() {
  const owner task = task_with({});
  const detail::record& base = *task;
  return *base.type->codec;
}

mixed sample() {
  mixed values;
  std::get<0>(values) = {1, 2};
  std::get<1>(values) = "text";
  std::get<2>(values) = {{"one", {1}}, {"none", {}}};
  std::get<3>(values) = {{1, "a"}, {2, "b"}};
  std::get<4>(values) = {3, 1, 2};
  std::get<5>(values) = "present";
  std::get<6>(values) = std::vector<bool>{true, false, true};
  std::get<7>(values) = std::make_shared<const std::string>("shared");
  std::get<8>(values) = std::make_unique<int>(4);
  std::get<9>(values) = {{1, true}, {2, false}};
  std::get<10>(values) = {1, 2, 3};
  return values;
}

void decode_task(std::span<const std::byte> input) {
  bytes result;
  detail::input_archive in(input);
  detail::output_archive out(result);
  try {
    codec().call(in, out);
  } catch (const serialization_error&) {
    require(result.empty());
    return;
  }
  // What one node wrote another can read.
  const owner task = task_with({});
  detail::input_archive back(result);
  codec().decode_result(*task, back);
  require(task->has_result && back.left() == 0);
}

void decode_result(std::span<const std::byte> input) {
  const owner task = task_with({});
  try {
    detail::input_archive in(input);
    codec().decode_result(*task, in);
  } catch (const serialization_error&) {
    require(!task->has_result);
  }
}

std::vector<bytes> task_seeds() {
  std::vector<bytes> all(2);
  detail::output_archive full(all[0]);
  codec().encode(*task_with(sample()), full);
  detail::output_archive empty(all[1]);
  codec().encode(*task_with({}), empty);
  return all;
}

std::vector<bytes> result_seeds() {
  std::vector<bytes> all;
  for (const bytes& arguments : task_seeds()) {
    bytes written;
    detail::input_archive in(arguments);
    detail::output_archive out(written);
    codec().call(in, out);
    all.push_back(written);
  }
  return all;
}

}  // namespace

const target task{"task", &decode_task, &task_seeds};
const target result{"result", &decode_result, &result_seeds};

}  // namespace torc::fuzz

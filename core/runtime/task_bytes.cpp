// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/task_bytes.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <cmath>
#include <torc/detail/archive.hpp>
#include <torc/error.hpp>

#include "core/sched/peers/guest.hpp"
#include "core/task/identity.hpp"

namespace torc::runtime {
namespace {

using detail::record;
namespace flags = detail::record_flags;

constexpr std::uint8_t has_options = 1;
constexpr std::uint8_t in_spmd = 2;
constexpr std::uint8_t on_device = 4;
constexpr std::uint8_t for_host_too = 8;
constexpr std::uint8_t in_device = 16;
constexpr std::uint8_t of_primary = 32;
constexpr std::uint8_t prioritised = 64;
constexpr std::uint8_t below_limits = 128;
constexpr std::uint8_t known_bits =
    has_options | in_spmd | on_device | for_host_too | in_device | of_primary | prioritised | below_limits;

template <class Archive>
void exchange_options(Archive& archive, task_options& options) {
  double priority = options.priority.value_or(0);
  auto has_priority = static_cast<std::uint8_t>(options.priority.has_value() ? 1 : 0);
  double timeout_seconds = options.timeout.count();
  archive(options.worker, options.pinned, options.name, has_priority, priority, options.retries, timeout_seconds,
          options.cores, options.limit.name, options.limit.units);
  // What another node sends is checked as what a user gives: a bad number must not become a bad duration.
  if (has_priority != 0) options.priority = priority;
  options.timeout = timeout_seconds;
}

/// Of a task's ancestor, which may be an executor's scope: that changes one of them when it is closed.
std::uint16_t flags_of(const record& ancestor) noexcept {
  return std::atomic_ref(const_cast<std::uint16_t&>(ancestor.flags)).load(std::memory_order_relaxed);
}

}  // namespace

std::vector<std::string> limits_above(const record& task) {
  std::vector<std::string> names;
  if ((task.flags & flags::in_limit) == 0) return names;
  for (const record* ancestor = task.parent; ancestor != nullptr; ancestor = ancestor->parent) {
    const std::uint16_t its_flags = flags_of(*ancestor);
    if ((its_flags & flags::limited) != 0) names.push_back(ancestor->extras->options.limit.name);
    if ((its_flags & flags::in_limit) == 0) break;
    if ((its_flags & flags::guest) == 0) continue;
    const auto& above = static_cast<const sched::guest_record&>(*ancestor).limits_above;
    names.insert(names.end(), above.begin(), above.end());
  }
  return names;
}

void encode_task(const record& task, const std::vector<std::string>& limits_above, std::vector<std::byte>& bytes) {
  detail::output_archive archive(bytes);
  const task::identity type = task::identify(*task.type->codec);
  const bool is_with_options = (task.flags & flags::has_options) != 0;
  const bool is_device_task = (task.flags & flags::device) != 0;
  const auto bit_if = [](bool is_set, std::uint8_t bit) { return is_set ? static_cast<unsigned>(bit) : 0U; };
  const auto bits = static_cast<std::uint8_t>(
      bit_if(is_with_options, has_options) | bit_if(!limits_above.empty(), below_limits) |
      bit_if((task.flags & flags::in_spmd) != 0, in_spmd) | bit_if(is_device_task, on_device) |
      bit_if(is_device_task && task.extras->is_for_host_too, for_host_too) |
      bit_if((task.flags & flags::in_device) != 0, in_device) |
      bit_if((task.flags & flags::of_primary) != 0, of_primary) |
      bit_if((task.flags & flags::prioritised) != 0, prioritised));
  archive(type.module, type.offset, task.path, bits);
  if ((task.flags & flags::prioritised) != 0) archive(sched::priority_of(task));
  if (is_device_task) archive(static_cast<std::uint8_t>(task.extras->space));
  if (!limits_above.empty()) archive(limits_above);
  if (is_with_options) {
    task_options options = task.extras->options;
    exchange_options(archive, options);
  }
  task.type->codec->encode(task, archive);
}

task_head decode_head(std::span<const std::byte> bytes) {
  detail::input_archive archive(bytes);
  task::identity type;
  task_head head;
  std::uint8_t bits = 0;
  archive(type.module, type.offset, head.path, bits);
  if ((bits & ~known_bits) != 0) throw serialization_error("a task arrived with properties that do not exist");
  head.is_in_spmd = (bits & in_spmd) != 0;
  head.is_of_primary = (bits & of_primary) != 0;
  head.is_in_device = (bits & in_device) != 0;
  head.is_for_host_too = (bits & for_host_too) != 0;
  if ((bits & prioritised) != 0) {
    archive(head.priority);
    if (std::isnan(head.priority)) throw serialization_error("a task arrived with a priority that is no number");
  }
  if ((bits & on_device) != 0) {
    std::uint8_t space = 0;
    archive(space);
    head.space = space;
  }
  if ((bits & below_limits) != 0) archive(head.limits_above);
  if ((bits & has_options) != 0) {
    head.options.emplace();
    exchange_options(archive, *head.options);
    const task_options& o = *head.options;
    const bool is_ordered = !o.priority || !std::isnan(*o.priority);
    if (o.worker < -1 || o.retries < 0 || o.cores < 1 || o.limit.units < 1 || !(o.timeout.count() >= 0) || !is_ordered)
      throw serialization_error(fmt::format("task '{}' arrived with options that it cannot have", o.name));
  }
  head.codec = task::resolve_codec(type);
  if (head.codec == nullptr) {
    throw identity_error(
        fmt::format("a task arrived whose type lies at {:#x} in module {:016x}, which this process does not have: load "
                    "the same program and libraries on every node before tasks of theirs are submitted",
                    type.offset, type.module));
  }
  head.size_bytes = bytes.size() - archive.left();
  return head;
}

void check_head(const task_head& head, const sched::node_map& nodes, int num_spaces) {
  if (head.space >= num_spaces) throw serialization_error("a task arrived for an execution space that no node has");
  if (!head.options) return;
  const task_options& o = *head.options;
  if (o.worker >= nodes.num_workers())
    throw serialization_error(
        fmt::format("task '{}' arrived for worker {}; there are {}", o.name, o.worker, nodes.num_workers()));
  if (o.pinned && o.worker >= 0 && nodes.node_of(o.worker) != nodes.self())
    throw serialization_error(fmt::format("task '{}' arrived here, but is pinned to worker {} of node {}", o.name,
                                          o.worker, base::number_of(nodes.node_of(o.worker))));
  if (o.cores > nodes.workers_of(nodes.self()))
    throw serialization_error(fmt::format("task '{}' arrived with {} cores; this node has {} workers", o.name, o.cores,
                                          nodes.workers_of(nodes.self())));
}

}  // namespace torc::runtime

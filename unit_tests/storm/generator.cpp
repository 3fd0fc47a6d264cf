// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/generator.hpp"

#include <algorithm>
#include <array>

#include "unit_tests/storm/dice.hpp"
#include "unit_tests/storm/flavour.hpp"

namespace storm {
namespace {

/// What holds for a task and all below it.
constexpr unsigned below_node_limit = 1;
constexpr unsigned below_spmd = 2;
constexpr unsigned below_device = 4;
constexpr unsigned below_outside = 8;

constexpr int flock_size = 100;
/// Each holds a worker until a message has come.
constexpr int most_beyond_timeout = 3;

class generator {
 public:
  generator(std::uint64_t seed, int num_ranks, const fault_switches& faults) : m_faults(faults), m_dice(seed) {
    m_made.seed = seed;
    m_made.num_ranks = num_ranks;
  }

  program make() {
    choose_session(m_made, m_dice);
    m_flavour = choose_flavour(m_dice);
    m_made.is_flock = m_flavour.is_flock;
    add_task(no_task, 0);
    fill(0, 0);
    m_made.num_ids = m_next_id;
    return std::move(m_made);
  }

 private:
  task_plan& add_task(task_index parent, unsigned context) {
    task_plan& added = m_made.tasks.emplace_back();
    added.parent = parent;
    m_contexts.push_back(context);
    return added;
  }
  task_index last() const { return static_cast<task_index>(m_made.tasks.size() - 1); }
  bool has_room(std::uint32_t count) const { return m_made.tasks.size() + count <= m_flavour.most_tasks; }

  /// Gives the task its operations, then those that it submits theirs.
  void fill(task_index task, std::uint32_t depth) {
    m_task = task;
    m_context = m_contexts[task];
    m_children.clear();
    m_ops.clear();
    const bool is_leaf = depth >= m_flavour.most_depth;
    if (m_made.tasks[task].kind == task_kind::spmd_body) {
      if (m_dice.one_in(3)) add_op(op_kind::recurse_refused);
    } else if (m_flavour.is_flock && depth == 0) {
      for (int i = 0; i < flock_size; ++i) add_op(op_kind::submit);
    } else if (!is_leaf) {
      if (m_flavour.is_chain) add_op(op_kind::submit);
      const std::uint32_t count = depth == 0 ? 2 + m_dice.below(2 * m_flavour.fan_out)
                                             : m_dice.below(m_flavour.fan_out + (m_flavour.is_chain ? 0 : 1));
      for (std::uint32_t i = 0; i < count; ++i) add_op(m_flavour.choose_op(m_dice));
    } else if (m_dice.one_in(4)) {
      add_op(op_kind::pause);
    }
    m_made.tasks[task].first_operation = static_cast<std::uint32_t>(m_made.operations.size());
    m_made.tasks[task].num_operations = static_cast<std::uint32_t>(m_ops.size());
    m_made.operations.insert(m_made.operations.end(), m_ops.begin(), m_ops.end());
    const std::vector<task_index> below = m_children;
    for (const task_index child : below) fill(child, depth + 1);
  }

  operation& emit(op_kind kind) {
    operation& op = m_ops.emplace_back();
    op.kind = kind;
    op.id = m_next_id++;
    return op;
  }
  /// Of tasks that are added next.
  void emit_tasks(op_kind kind, std::uint32_t count, std::uint8_t how = 0, std::uint32_t number = 0) {
    operation& op = emit(kind);
    op.first = static_cast<task_index>(m_made.tasks.size());
    op.count = count;
    op.how = how;
    op.number = number;
  }
  void introduce(task_plan& task) {
    task.introduced_by = m_ops.back().id;
    m_children.push_back(last());
  }

  void add_op(op_kind kind);
  void add_map();
  void add_follower();
  void add_spmd();
  task_plan& add_child();
  void choose_options(task_plan& child);
  void choose_limit(task_plan& child);
  void choose_map_options(task_plan& element, map_how how);
  void choose_fate(task_plan& child);
  void choose_trouble(task_plan& child);

  std::optional<task_index> some_child() {
    if (m_children.empty()) return std::nullopt;
    return m_children[m_dice.below(static_cast<std::uint32_t>(m_children.size()))];
  }
  /// One whose future somebody keeps.
  std::optional<task_index> some_kept_child() {
    const auto found = some_child();
    if (!found) return std::nullopt;
    const task_plan& t = m_made.tasks[*found];
    if (t.is_dropped || t.kind == task_kind::callback || t.kind == task_kind::element ||
        t.kind == task_kind::spmd_body || t.with == trouble::copy_throws)
      return std::nullopt;
    return found;
  }

  const fault_switches m_faults;
  dice m_dice;
  program m_made;
  std::uint32_t m_next_id = 0;
  std::vector<unsigned> m_contexts;  ///< by task
  int m_num_beyond_timeout = 0;

  flavour m_flavour;

  // Of the task that is being filled.
  task_index m_task = 0;
  unsigned m_context = 0;
  std::vector<task_index> m_children;
  std::vector<operation> m_ops;
};

void generator::add_op(op_kind kind) {
  const auto count = 1 + m_dice.below(4);
  switch (kind) {
    case op_kind::submit:
      if (!has_room(1)) return;
      emit_tasks(kind, 1);
      add_child();
      break;
    case op_kind::submit_outside:
    case op_kind::run_executor:
      if (!has_room(count)) return;
      // Whoever has a slot lends it only to what is below it, and what nobody waits for may outlast the primary task.
      if (kind == op_kind::submit_outside && (m_context & (below_device | below_outside)) != 0) return;
      emit_tasks(kind, count, static_cast<std::uint8_t>(m_dice.below(3)));
      for (std::uint32_t i = 0; i < count; ++i) {
        task_plan& child = add_child();
        if (kind == op_kind::submit_outside) {
          child.is_outside = true;
          m_contexts.back() |= below_outside;
        }
      }
      break;
    case op_kind::map:
      add_map();
      break;
    case op_kind::run_spmd:
      add_spmd();
      break;
    case op_kind::broadcast:
      if (!has_room(count)) return;
      emit_tasks(kind, count, 0, 1 + m_dice.below(m_dice.one_in(4) ? 9000 : 20));
      for (std::uint32_t i = 0; i < count; ++i) {
        task_plan& child = add_task(m_task, m_context);
        child.kind = task_kind::reader;
        introduce(child);
      }
      break;
    case op_kind::follow:
      add_follower();
      break;
    case op_kind::cancel:
    case op_kind::settle: {
      const auto child = some_kept_child();
      if (!child) return;
      operation& op = emit(kind);
      op.first = *child;
      op.how = static_cast<std::uint8_t>(m_dice.below(3));
      break;
    }
    case op_kind::wait_list: {
      operation& op = emit(kind);
      op.how = static_cast<std::uint8_t>(m_dice.below(3));
      op.number = m_dice.below(3);
      break;
    }
    case op_kind::as_completed: {
      operation& op = emit(kind);
      op.number = m_dice.below(2) == 0 ? ~0U : m_dice.below(4);
      op.how = m_dice.one_in(3) ? 1 : 0;
      break;
    }
    case op_kind::switch_stealing:
      emit(kind).how = static_cast<std::uint8_t>(m_dice.below(2));
      break;
    case op_kind::pause: {
      operation& op = emit(kind);
      op.how = static_cast<std::uint8_t>(m_dice.below(3));
      op.number = m_dice.below(m_dice.one_in(8) ? 2000 : 100);
      break;
    }
    case op_kind::wait_children:
    case op_kind::when_all:
      emit(kind);
      break;
    case op_kind::cancel_rest:
      emit(kind).how = static_cast<std::uint8_t>(m_dice.below(2));
      break;
    case op_kind::recurse_refused:
      if ((m_context & below_spmd) != 0) emit(kind);
      break;
  }
}

void generator::add_map() {
  const std::uint32_t count = m_dice.below(m_dice.one_in(3) ? 60 : 10);
  auto how = static_cast<map_how>(m_dice.below(num_map_hows));
  if (how == map_how::on_devices && (m_context & below_spmd) != 0) how = map_how::plain;
  const std::uint32_t num_tasks = how == map_how::lazy_submits ? 2 * count : count;
  if (!has_room(num_tasks)) return;
  emit_tasks(op_kind::map, count, static_cast<std::uint8_t>(how), 1 + m_dice.below(4));
  const bool is_broken_range = how == map_how::lazy_throws || how == map_how::lazy_waits;
  task_plan common;
  if (m_flavour.has_options || m_flavour.has_limits) choose_map_options(common, how);
  unsigned context = m_context | (how == map_how::on_devices ? below_device : 0U);
  if (common.options.limit == limit_kind::per_node) context |= below_node_limit;
  for (std::uint32_t i = 0; i < count; ++i) {
    task_plan& element = add_task(m_task, context);
    element.kind = task_kind::element;
    element.options = common.options;
    if (m_flavour.has_fates && !is_broken_range && m_dice.one_in(20)) element.end = fate::failure;
    element.is_optional = is_broken_range;
    introduce(element);
  }
  for (std::uint32_t i = count; i < num_tasks; ++i) {
    task_plan& child = add_task(m_task, m_context);
    child.kind = task_kind::number;
    child.is_dropped = true;
    introduce(child);
  }
}

void generator::add_follower() {
  const auto source = some_kept_child();
  if (!source || !has_room(1)) return;
  emit_tasks(op_kind::follow, 1);
  task_plan& added = add_task(m_task, m_context);
  added.source = *source;
  if (m_dice.one_in(2)) {
    added.kind = task_kind::continuation;
    added.takes_value = m_dice.one_in(2);
    if (m_flavour.has_fates && m_dice.one_in(10)) added.end = fate::failure;
  } else {
    added.kind = task_kind::callback;
    if (m_flavour.has_fates && m_dice.one_in(40)) added.end = fate::failure;
    const auto victim = some_kept_child();
    if (m_flavour.weight(op_kind::cancel) > 0 && victim && m_dice.one_in(3)) added.victim = *victim;
  }
  introduce(added);
}

void generator::add_spmd() {
  if ((m_context & (below_spmd | below_device)) != 0 || !has_room(1)) return;
  emit_tasks(op_kind::run_spmd, 1, static_cast<std::uint8_t>(m_dice.below(2)));
  task_plan& body = add_task(m_task, m_context | below_spmd);
  body.kind = task_kind::spmd_body;
  if (m_flavour.has_fates && m_dice.one_in(4)) {
    body.end = fate::failure;
    body.size = m_dice.below(static_cast<std::uint32_t>(m_made.num_ranks));
    m_ops.back().how = 0;  // the others must not wait for it in MPI
  }
  introduce(body);
}

task_plan& generator::add_child() {
  task_plan& child = add_task(m_task, m_context);
  constexpr std::array kinds{task_kind::nothing, task_kind::big,       task_kind::moved,    task_kind::fragile,
                             task_kind::fragile, task_kind::on_device, task_kind::anywhere, task_kind::number};
  if (m_flavour.has_kinds) child.kind = kinds[m_dice.below(kinds.size())];
  const bool is_device = child.kind == task_kind::on_device || child.kind == task_kind::anywhere;
  if (is_device && (m_context & below_spmd) != 0) child.kind = task_kind::number;
  if (child.kind == task_kind::big) child.size = 1 + m_dice.below(m_dice.one_in(3) ? 20000 : 50);
  if (m_flavour.is_heavy && m_task == 0) {
    child.kind = task_kind::big;
    child.size = 1000;
  }
  if (m_flavour.has_local && !is_device) child.is_local = m_dice.one_in(3);
  if ((m_flavour.has_options || m_flavour.has_limits) && m_dice.one_in(2)) choose_options(child);
  if (m_flavour.has_fates) choose_fate(child);
  if (m_flavour.has_troubles) choose_trouble(child);
  if (is_device) m_contexts.back() |= below_device;
  const std::uint32_t dropped_one_in = m_flavour.is_flock && m_task != 0 ? 2 : 6;
  const bool is_sound = child.with == trouble::none || child.with == trouble::dies_slowly;
  if (child.end == fate::value && is_sound && m_dice.one_in(dropped_one_in)) child.is_dropped = true;
  introduce(child);
  return child;
}

void generator::choose_options(task_plan& child) {
  task_options_plan& o = child.options;
  const bool is_device = child.kind == task_kind::on_device || child.kind == task_kind::anywhere;
  o.has_any = true;
  if (m_dice.one_in(2) && !child.is_local && !is_device) {
    o.worker = static_cast<int>(m_dice.below(static_cast<std::uint32_t>(m_made.num_workers())));
    o.pinned = m_dice.one_in(2);
  }
  if (m_dice.one_in(3)) o.priority = m_dice.below(4);
  const int fewest = *std::min_element(m_made.workers.begin(), m_made.workers.end());
  if (m_dice.one_in(4) && !is_device) o.cores = 1 + static_cast<int>(m_dice.below(static_cast<std::uint32_t>(fewest)));
  if (!is_device && m_flavour.has_limits) {
    choose_limit(child);
    if (o.limit == limit_kind::per_node) m_contexts.back() |= below_node_limit;
  }
  o.has_long_timeout = m_dice.one_in(6);
  o.has_name = m_dice.one_in(6);
}

/// Tasks that have units of one wait for those that want some of the other: never the other way round, so they do not
/// wait for each other.
void generator::choose_limit(task_plan& child) {
  task_options_plan& o = child.options;
  if (m_task == 0 && m_context == 0 && m_dice.one_in(2)) {
    o.limit = limit_kind::whole_job;
    o.units = 1 + static_cast<int>(m_dice.below(static_cast<std::uint32_t>(m_made.limit_capacity)));
  } else if ((m_context & ~below_outside) == 0) {
    o.limit = limit_kind::per_node;
    o.units = 1 + static_cast<int>(m_dice.below(static_cast<std::uint32_t>(m_made.node_capacity)));
  }
}

/// For all elements.
void generator::choose_map_options(task_plan& element, map_how how) {
  task_options_plan& o = element.options;
  if (!m_dice.one_in(2)) return;
  o.has_any = true;
  if (m_dice.one_in(3)) o.priority = m_dice.below(4);
  o.has_long_timeout = m_dice.one_in(6);
  o.has_name = m_dice.one_in(6);
  if (how == map_how::on_devices) return;
  if (m_dice.one_in(4)) {
    o.worker = static_cast<int>(m_dice.below(static_cast<std::uint32_t>(m_made.num_workers())));
    o.pinned = m_dice.one_in(2);
  }
  if (m_flavour.has_limits && m_dice.one_in(2)) choose_limit(element);
}

void generator::choose_fate(task_plan& child) {
  const bool is_device = child.kind == task_kind::on_device || child.kind == task_kind::anywhere;
  switch (m_dice.below(16)) {
    case 0:
    case 1:
      child.end = fate::failure;
      break;
    case 2:
      child.end = fate::strange_failure;
      break;
    case 3:
      if (child.kind != task_kind::moved && !is_device) child.end = fate::after_retries;
      break;
    case 4:
      if (child.kind == task_kind::nothing || child.kind == task_kind::number) child.end = fate::past_timeout;
      break;
    case 5:
      if ((child.kind != task_kind::nothing && child.kind != task_kind::number) ||
          ++m_num_beyond_timeout > most_beyond_timeout)
        break;
      child.end = fate::beyond_timeout;
      break;
    default:
      break;
  }
}

void generator::choose_trouble(task_plan& child) {
  if (child.kind != task_kind::fragile || child.end != fate::value) return;
  child.with = static_cast<trouble>(m_dice.below(num_troubles));
  child.trouble_in_result = child.with != trouble::copy_throws && m_dice.one_in(2);
}

}  // namespace

program generate(std::uint64_t seed, int num_ranks, const fault_switches& faults) {
  return generator(seed, num_ranks, faults).make();
}

}  // namespace storm

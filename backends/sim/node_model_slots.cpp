// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>

#include "backends/sim/node_model.hpp"

/// Slots of devices and the tasks that wait for them: as in the scheduler, a slot whose task waits serves tasks below
/// device tasks meanwhile.
namespace torc::sim {

void node_model::make_slots() {
  m_slot_tasks.resize(m_options.slots.size());
  for (int space = 0; space < num_spaces(); ++space) {
    if (!has_slots(space)) continue;
    for (int i = 0; i < m_options.slots[static_cast<std::size_t>(space)]; ++i) m_slots.emplace_back().space = space;
  }
}

std::uint64_t node_model::own_spaces() const noexcept {
  std::uint64_t bits = 0;
  for (int space = 0; space < num_spaces(); ++space) bits |= has_space(space) ? bit_of(space) : 0;
  return bits;
}

std::size_t node_model::num_free_slots(int space) const noexcept {
  return static_cast<std::size_t>(std::count_if(m_slots.begin(), m_slots.end(), [space](const slot_model& one) {
    return one.space == space && one.holders.empty();
  }));
}

std::uint64_t node_model::starving_spaces() const noexcept {
  std::uint64_t bits = 0;
  for (int space = 0; space < num_spaces(); ++space) {
    if (m_slot_tasks[static_cast<std::size_t>(space)].size() == 0 && num_free_slots(space) > 0) bits |= bit_of(space);
  }
  return bits;
}

void node_model::enqueue_for_slot(const queued_task& task) {
  const int space = task.task.space;
  slot_tasks& waiting = m_slot_tasks[static_cast<std::size_t>(space)];
  (task.task.is_below_device ? waiting.below : waiting.others).push_back(task);
  wake_slots(space);
  if (task.task.is_for_host_too) wake_one();
}

/// All that may find a task there.
void node_model::wake_slots(int space) {
  if (m_slot_tasks[static_cast<std::size_t>(space)].size() == 0) return;
  for (std::size_t i = 0; i < m_slots.size(); ++i) {
    if (m_slots[i].space == space && m_slots[i].is_idle()) wake(m_workers.size() + i);
  }
}

/// The task that comes next in an idle slot.
bool node_model::take_turn(slot_model& one, queued_task& task) {
  slot_tasks& waiting = m_slot_tasks[static_cast<std::size_t>(one.space)];
  const bool is_free = one.holders.empty();
  if (!is_free && !one.holders.back()->has_lent) return false;
  std::deque<queued_task>& from = is_free && waiting.below.empty() ? waiting.others : waiting.below;
  if (from.empty()) return false;
  task = from.front();
  from.pop_front();
  return true;
}

/// One that a worker may run without a slot.
bool node_model::take_for_host(queued_task& task) {
  const auto take_from = [&](std::deque<queued_task>& tasks) {
    const auto found = std::find_if(tasks.begin(), tasks.end(),
                                    [](const queued_task& waiting) { return waiting.task.is_for_host_too; });
    if (found == tasks.end()) return false;
    task = *found;
    tasks.erase(found);
    return true;
  };
  return std::any_of(m_slot_tasks.begin(), m_slot_tasks.end(),
                     [&](slot_tasks& tasks) { return take_from(tasks.below) || take_from(tasks.others); });
}

void node_model::take_slot(fiber& on) {
  slot_model& one = slot(on.runner);
  demand(one.holders.empty() || (one.holders.back()->is_suspended && one.holders.back()->has_lent),
         "a slot has two tasks at a time");
  one.holders.push_back(&on);
}

void node_model::give_back_slot(const fiber& on) {
  slot_model& one = slot(on.runner);
  demand(!one.holders.empty() && one.holders.back() == &on, "a slot is given back by a task that does not have it");
  one.holders.pop_back();
  if (!one.holders.empty() && one.holders.back()->wants_slot) resume_in_slot(*one.holders.back());
}

/// It waits no more: it goes on as soon as nobody is on top of it.
void node_model::resume_in_slot(fiber& on) {
  slot_model& one = slot(on.runner);
  on.wants_slot = one.holders.back() != &on;
  if (on.wants_slot) return;
  on.has_lent = false;
  one.ready.push_back(&on);
  if (one.running == nullptr) wake(on.runner);
}

}  // namespace torc::sim

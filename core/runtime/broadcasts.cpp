// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/broadcasts.hpp"

#include <algorithm>
#include <exception>
#include <torc/error.hpp>

namespace torc::runtime {
namespace {

[[noreturn]] void throw_gone() {
  throw error(
      "broadcast: the value is gone: the node that made it has dropped its last handle; keep one there as long as "
      "tasks "
      "use it");
}

}  // namespace

void broadcasts::wake_waiters(entry& changed) {
  for (sched::wakeup* waiter : std::exchange(changed.waiters, {})) waiter->notify();
}

void broadcasts::arrived(const key& name, std::vector<std::byte> bytes) {
  const std::scoped_lock lock(m_mutex);
  entry& e = m_entries[name];
  e.has_come = true;
  e.bytes = std::move(bytes);
  wake_waiters(e);
}

std::shared_ptr<const void> broadcasts::forgotten(const key& name) {
  const std::scoped_lock lock(m_mutex);
  // It comes along the same way as the value, so the value is there and nobody waits for it.
  entry& e = m_entries[name];
  e.is_gone = true;
  std::vector<std::byte>().swap(e.bytes);
  return std::exchange(e.object, nullptr);
}

void broadcasts::keep(std::uint64_t id, const std::shared_ptr<const void>& value) {
  const std::scoped_lock lock(m_mutex);
  m_own.emplace(id, value);
}

void broadcasts::drop(std::uint64_t id) {
  const std::scoped_lock lock(m_mutex);
  m_own.erase(id);
}

std::shared_ptr<const void> broadcasts::own_value(std::uint64_t id) {
  const std::scoped_lock lock(m_mutex);
  const auto own = m_own.find(id);
  std::shared_ptr<const void> value = own != m_own.end() ? own->second.lock() : nullptr;
  if (value == nullptr) throw_gone();
  return value;
}

std::shared_ptr<const void> broadcasts::get(const key& name, base::node_id self, detail::broadcast_reader read) {
  if (name.first == self) return own_value(name.second);
  std::unique_lock lock(m_mutex);
  entry& e = m_entries[name];  // stays where it is, and for the whole session
  while (!e.has_come || e.is_being_read) {
    sched::wakeup changed;
    e.waiters.push_back(&changed);
    lock.unlock();
    changed.wait();
    lock.lock();
  }
  if (e.is_gone) throw_gone();
  if (e.object != nullptr) return e.object;
  e.is_being_read = true;
  std::vector<std::byte> bytes = std::move(e.bytes);
  lock.unlock();
  std::shared_ptr<const void> object;
  std::exception_ptr failure;
  try {
    object = detail::decode_broadcast(bytes, read);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  e.is_being_read = false;
  if (!e.is_gone) {
    e.object = object;
    if (failure) e.bytes = std::move(bytes);  // for whoever asks next
  }
  wake_waiters(e);
  lock.unlock();
  if (failure) std::rethrow_exception(failure);
  return object;
}

}  // namespace torc::runtime

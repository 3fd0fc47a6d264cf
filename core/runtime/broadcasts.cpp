// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/broadcasts.hpp"

#include <exception>
#include <torc/error.hpp>

#include "core/protocol/message.hpp"

namespace torc::runtime {
namespace {

[[noreturn]] void throw_gone() {
  throw error(
      "broadcast: the value is gone: the node that made it has dropped its last handle; keep one there as long as "
      "tasks use it");
}

}  // namespace

void broadcasts::wake_waiters(copy& changed) {
  for (sched::baton* waiter : std::exchange(changed.waiters, {})) waiter->notify();
}

void broadcasts::arrived(const key& name, std::vector<std::byte> bytes) {
  const std::scoped_lock lock(m_mutex);
  std::uint64_t& num_come = m_num_come[name.first];
  if (name.second != num_come) throw protocol::violation("a broadcast value has arrived out of turn");
  const std::shared_ptr<copy> come = find(name);  // waited for, or made now
  ++num_come;
  come->has_come = true;
  come->bytes = std::move(bytes);
  wake_waiters(*come);
}

std::shared_ptr<const void> broadcasts::forgotten(const key& name) {
  const std::scoped_lock lock(m_mutex);
  const auto found = m_copies.find(name);
  if (found == m_copies.end() || !found->second->has_come)
    throw protocol::violation("a broadcast value that is not here was forgotten");
  // Whoever reads it, or waits for that, keeps what is taken out of the map.
  copy& gone = *found->second;
  gone.is_gone = true;
  std::shared_ptr<const void> object = std::exchange(gone.object, nullptr);
  m_copies.erase(found);
  return object;
}

std::size_t broadcasts::num_copies() {
  const std::scoped_lock lock(m_mutex);
  return m_copies.size();
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
  std::shared_ptr<const void> object = own != m_own.end() ? own->second.lock() : nullptr;
  if (object == nullptr) throw_gone();
  return object;
}

/// Under the lock.
std::shared_ptr<broadcasts::copy> broadcasts::find(const key& name) {
  if (const auto found = m_copies.find(name); found != m_copies.end()) return found->second;
  const auto come = m_num_come.find(name.first);
  if (come != m_num_come.end() && name.second < come->second) throw_gone();
  return m_copies[name] = std::make_shared<copy>();
}

std::shared_ptr<const void> broadcasts::get(const key& name, base::node_id self, detail::broadcast_reader read) {
  if (name.first == self) return own_value(name.second);
  std::unique_lock lock(m_mutex);
  const std::shared_ptr<copy> found = find(name);
  copy& e = *found;
  while (!e.has_come || e.is_being_read) {
    sched::baton changed({sched::wait_kind::broadcast});
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

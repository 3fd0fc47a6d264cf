// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/broadcasts.hpp"

#include <algorithm>
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

void broadcasts::arrived(const key& name, std::vector<std::byte> bytes) {
  const std::scoped_lock lock(m_mutex);
  entry& e = m_entries[name];
  e.has_come = true;
  e.bytes = std::move(bytes);
  for (sched::wakeup* waiter : e.waiters) waiter->notify();
  e.waiters.clear();
}

void broadcasts::forgotten(const key& name) {
  const std::scoped_lock lock(m_mutex);
  // It comes along the same way as the value, so the value is there and nobody waits for it.
  entry& e = m_entries[name];
  e.is_gone = true;
  e.object.reset();
  std::vector<std::byte>().swap(e.bytes);
}

void broadcasts::keep(std::uint64_t id, const std::shared_ptr<const void>& value) {
  const std::scoped_lock lock(m_mutex);
  m_own.emplace(id, value);
}

void broadcasts::drop(std::uint64_t id) {
  const std::scoped_lock lock(m_mutex);
  m_own.erase(id);
}

std::shared_ptr<const void> broadcasts::get(const key& name, base::node_id self, decoder decode) {
  std::unique_lock lock(m_mutex);
  if (name.first == self) {
    const auto own = m_own.find(name.second);
    std::shared_ptr<const void> value = own != m_own.end() ? own->second.lock() : nullptr;
    if (value == nullptr) throw_gone();
    return value;
  }
  entry& e = m_entries[name];  // stays where it is, and for the whole session
  if (!e.has_come) {
    sched::wakeup come;
    e.waiters.push_back(&come);
    lock.unlock();
    come.wait();
    lock.lock();
  }
  if (e.is_gone) throw_gone();
  if (e.object == nullptr) {
    e.object = decode(e.bytes);
    std::vector<std::byte>().swap(e.bytes);
  }
  return e.object;
}

}  // namespace torc::runtime

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/neighbours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <random>
#include <span>

#include "backends/mpi/all_gather.hpp"

namespace torc::backends::mpi {
namespace {

std::string own_host() {
  std::array<char, MPI_MAX_PROCESSOR_NAME> text{};
  int length = 0;
  check(MPI_Get_processor_name(text.data(), &length), "MPI_Get_processor_name");
  return {text.data(), static_cast<std::size_t>(length)};
}

std::uint64_t random_number() {
  std::random_device source;
  return std::uint64_t{source()} << 32U | source();
}

bool all_say_yes(const communicator& nodes, const std::vector<std::size_t>& asked, bool mine) {
  const auto answers = all_gather(nodes, std::as_bytes(std::span(&mine, 1)));
  return std::ranges::all_of(asked, [&](std::size_t node) { return answers[node] == std::vector{std::byte{1}}; });
}

}  // namespace

neighbours::neighbours(const communicator& nodes) : m_mailboxes(static_cast<std::size_t>(nodes.size())) {
  // Each one's number and the name of its host. The number of a host's first node names the memory.
  const std::uint64_t number = random_number();
  const std::string host = own_host();
  std::vector<std::byte> mine(sizeof number + host.size());
  std::memcpy(mine.data(), &number, sizeof number);
  std::memcpy(mine.data() + sizeof number, host.data(), host.size());
  const auto all = all_gather(nodes, mine);
  std::vector<std::size_t> here;
  for (std::size_t node = 0; node < all.size(); ++node) {
    m_hosts.emplace_back(reinterpret_cast<const char*>(all[node].data()) + sizeof number,
                         all[node].size() - sizeof number);
    if (m_hosts[node] == host) here.push_back(node);
  }
  std::uint64_t first_number = 0;
  std::memcpy(&first_number, all[here.front()].data(), sizeof first_number);
  const std::string name = fmt::format("/torc-{:016x}", first_number);

  // Everybody takes part in every step, whatever has failed: they are collective.
  const auto self = static_cast<std::size_t>(nodes.rank());
  const std::size_t size_bytes = here.size() * sizeof(mailbox);
  const bool is_first = here.front() == self;
  if (is_first) m_memory = shared_memory::create(name, size_bytes);
  all_say_yes(nodes, here, true);
  if (!is_first) m_memory = shared_memory::attach(name, size_bytes);
  const auto place = [&](std::size_t i) { return m_memory->data() + i * sizeof(mailbox); };
  if (m_memory) m_own = new (place(static_cast<std::size_t>(std::ranges::find(here, self) - here.begin()))) mailbox;
  const bool is_shared = all_say_yes(nodes, here, m_memory.has_value());
  if (is_first) shared_memory::remove_name(name);
  // Nobody goes on, and perhaps ends the job, while the name is there: it would stay.
  all_say_yes(nodes, here, true);
  if (is_shared) {
    for (std::size_t i = 0; i < here.size(); ++i)
      m_mailboxes[here[i]] = std::launder(reinterpret_cast<mailbox*>(place(i)));
  } else {
    m_own = &m_lonely;
    m_memory.reset();
  }
  m_are_all = is_shared && here.size() == all.size();
}

}  // namespace torc::backends::mpi

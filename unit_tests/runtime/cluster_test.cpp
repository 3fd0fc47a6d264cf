// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/cluster.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace {

using torc::base::node_id;

/// One of many nodes that are alike but for their hosts, whose names are equally long; it has room for no message.
class many_hosts final : public torc::protocol::transport {
 public:
  explicit many_hosts(std::vector<std::string> hosts, int number = 0) : m_hosts(std::move(hosts)), m_self(number) {}

  node_id self() const noexcept override { return node_id{m_self}; }
  int num_nodes() const noexcept override { return static_cast<int>(m_hosts.size()); }
  bool may_overlap() const noexcept override { return true; }
  const std::vector<std::string>& hosts() const noexcept override { return m_hosts; }
  void send(node_id /*to*/, const torc::protocol::message& /*sent*/) override {}
  void flush() override {}
  bool poll(torc::protocol::inbox& /*receiver*/) override { return false; }
  bool is_flushed() const noexcept override { return true; }
  bool meet() override { return true; }
  /// The others say the same, but for the names of their hosts.
  std::vector<std::vector<std::byte>> all_gather(std::span<const std::byte> mine) override {
    const std::string_view text(reinterpret_cast<const char*>(mine.data()), mine.size());
    const std::size_t host = text.find(m_hosts[static_cast<std::size_t>(m_self)]);
    std::vector<std::vector<std::byte>> all(m_hosts.size(), {mine.begin(), mine.end()});
    if (host == std::string_view::npos) return all;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto name = std::as_bytes(std::span(m_hosts[i]));
      std::copy(name.begin(), name.end(), all[i].begin() + static_cast<std::ptrdiff_t>(host));
    }
    return all;
  }
  void begin_polling() noexcept override {}
  bool end_polling() noexcept override { return false; }
  void sleep(std::chrono::nanoseconds /*longest*/) noexcept override {}
  void ring() noexcept override {}
  bool has_doorbell_everywhere() const noexcept override { return false; }
  [[noreturn]] void abort(std::string_view /*reason*/, int /*status*/) noexcept override { std::abort(); }

 private:
  std::vector<std::string> m_hosts;
  int m_self;
};

std::size_t first_sharer(std::vector<std::string> hosts, int number) {
  many_hosts network(std::move(hosts), number);
  return torc::runtime::agree(&network, [] { return torc::options{}; }, {}).first_sharer;
}

/// Whether node 0's primary task has a thread of its own.
bool primary_has_thread(torc::primary_place primary, torc::sched::dispatch dispatch) {
  return torc::runtime::agree(nullptr, [&] { return torc::options{.primary = primary}; },
                              {{.name = "Space", .description = "Space", .dispatch = dispatch}})
      .primary_has_thread;
}

TEST(cluster, lets_the_primary_task_keep_its_thread_unless_a_space_needs_that) {
  using torc::primary_place;
  using torc::sched::dispatch;
  EXPECT_TRUE(primary_has_thread(primary_place::automatic, dispatch::one_worker));
  EXPECT_TRUE(primary_has_thread(primary_place::thread, dispatch::one_worker));
  EXPECT_FALSE(primary_has_thread(primary_place::worker, dispatch::one_worker));
  EXPECT_FALSE(primary_has_thread(primary_place::automatic, dispatch::first_thread));
  EXPECT_FALSE(primary_has_thread(primary_place::worker, dispatch::first_thread));
  EXPECT_THROW(primary_has_thread(primary_place::thread, dispatch::first_thread), torc::config_error);
}

TEST(cluster, knows_the_first_of_the_nodes_that_may_use_the_same_cores) {
  EXPECT_EQ(first_sharer({"host-a", "host-b", "host-b"}, 0), 0U);
  EXPECT_EQ(first_sharer({"host-a", "host-b", "host-b"}, 1), 1U);
  EXPECT_EQ(first_sharer({"host-a", "host-b", "host-b"}, 2), 1U);
  EXPECT_EQ(first_sharer({"host-b", "host-a", "host-b"}, 2), 0U);
}

TEST(cluster, of_as_many_hosts_as_nodes_is_agreed_on) {
  constexpr int num_nodes = 65'536;
  std::vector<std::string> hosts;
  for (int i = 0; i < num_nodes; ++i) hosts.push_back(fmt::format("host-{:06}", i));
  many_hosts network(std::move(hosts));
  const auto agreed = torc::runtime::agree(
      &network, [] { return torc::options{.workers = 2}; },
      {{.name = "Serial", .description = "Serial", .dispatch = torc::sched::dispatch::one_worker}});
  EXPECT_EQ(agreed.nodes.num_nodes(), num_nodes);
  EXPECT_EQ(agreed.nodes.num_workers(), 2 * num_nodes);
  EXPECT_EQ(agreed.spaces.slots(), num_nodes);
  EXPECT_EQ(agreed.first_core, 0);
  ASSERT_EQ(agreed.census.size(), 1U + num_nodes);
  EXPECT_EQ(agreed.census.front(), "65536 nodes on 65536 hosts, 131072 workers");
  EXPECT_TRUE(agreed.census.back().starts_with("node 65535 on host-065535: 2 workers, "));
}

}  // namespace

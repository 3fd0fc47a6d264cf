// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/transport.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/base/check.hpp"
#include "core/protocol/frame.hpp"
#include "unit_tests/mpi/test_node.hpp"

namespace torc::backends::mpi {
namespace {

using bytes = std::vector<std::byte>;

/// Bytes that depend on all of these.
bytes pattern(int from, int to, std::uint64_t index, std::size_t size) {
  std::minstd_rand engine(static_cast<unsigned>(from * 1009 + to * 31) + static_cast<unsigned>(index) + 1);
  bytes made(size);
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 3 == 0) word = static_cast<std::uint32_t>(engine());
    made[i] = static_cast<std::byte>(word >> (8 * (i % 3)));
  }
  return made;
}

/// The sizes of the messages between two nodes: most small, some of a frame's size, some large.
std::vector<std::size_t> random_sizes(int from, int to, std::size_t count) {
  std::mt19937 engine(static_cast<unsigned>(from * 100 + to));
  const auto up_to = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(engine); };
  std::vector<std::size_t> sizes(count);
  for (auto& size : sizes) {
    const auto kind = up_to(99);
    if (kind < 80) {
      size = up_to(200);
    } else if (kind < 90) {
      size = up_to(20'000);
    } else if (kind < 97) {
      size = protocol::largest_inline_bytes - 4 + up_to(8);
    } else {
      size = up_to(1'000'000);
    }
  }
  return sizes;
}

TEST(transport, keeps_the_order_of_each_sender_for_messages_of_all_sizes) {
  test_node node;
  constexpr std::size_t count = 800;
  const auto num_nodes = static_cast<std::size_t>(node.num_nodes());
  std::vector<std::vector<std::size_t>> expected(num_nodes);
  std::vector<std::vector<std::size_t>> sizes(num_nodes);
  for (int other = 0; other < node.num_nodes(); ++other) {
    if (other == node.self()) continue;
    expected[static_cast<std::size_t>(other)] = random_sizes(other, node.self(), count);
    sizes[static_cast<std::size_t>(other)] = random_sizes(node.self(), other, count);
  }
  std::vector<std::size_t> received(num_nodes);
  std::size_t num_received = 0;
  std::size_t num_wrong = 0;
  node.on_message = [&](node_id from, const message& arrived) {
    const std::size_t index = received[base::index_of(from)]++;
    ++num_received;
    const std::size_t size = expected[base::index_of(from)].at(index);
    const bool is_right = arrived.id == index && arrived.value == ~std::uint64_t{index} && arrived.hops == 77 &&
                          arrived.workers == 5 && arrived.home == from && arrived.kind == message_kind::result &&
                          (arrived.buffer != nullptr) == protocol::is_large(size) &&
                          std::ranges::equal(arrived.payload, pattern(base::number_of(from), node.self(), index, size));
    if (!is_right) ++num_wrong;
  };

  for (std::size_t index = 0; index < count; ++index) {
    for (int other = 0; other < node.num_nodes(); ++other) {
      if (other == node.self()) continue;
      bytes payload = pattern(node.self(), other, index, sizes[static_cast<std::size_t>(other)][index]);
      message sent{.kind = message_kind::result,
                   .hops = 77,
                   .home = node.network.self(),
                   .workers = 5,
                   .id = index,
                   .value = ~std::uint64_t{index},
                   .payload = payload};
      const bool is_handed_over = index % 2 == 0;
      if (is_handed_over) sent.buffer = &payload;
      const bool is_large = protocol::is_large(payload.size());
      node.network.send(node_id{other}, sent);
      if (is_large) {
        EXPECT_EQ(payload.empty(), is_handed_over) << "takes the buffer of a large message";
      }
    }
    if (index % 7 == 0) node.network.flush();
    if (index % 5 == 0) node.poll();
  }
  node.run_until([&] { return num_received == count * (num_nodes - 1) && node.network.is_flushed(); });
  EXPECT_EQ(num_wrong, 0U);
}

TEST(transport, brings_floods_from_all_to_all_and_what_is_sent_on_receipt) {
  test_node node;
  if (node.num_nodes() == 1) GTEST_SKIP() << "needs a second node";
  constexpr int chains = 400;
  constexpr std::uint16_t length = 60;
  std::mt19937 engine(static_cast<unsigned>(node.self()));
  const auto any_other = [&] {
    const int other = std::uniform_int_distribution<int>(0, node.num_nodes() - 2)(engine);
    return node_id{other < node.self() ? other : other + 1};
  };
  int num_over = 0;
  int num_ends = 0;
  const bytes payload(64, std::byte{3});
  node.on_message = [&](node_id, const message& arrived) {
    if (arrived.kind == message_kind::end) {
      ++num_ends;
    } else if (arrived.kind == message_kind::credit || (arrived.hops == 0 && arrived.home == node.network.self())) {
      ++num_over;
    } else if (arrived.hops == 0) {
      node.network.send(arrived.home, {.kind = message_kind::credit});
    } else {
      EXPECT_EQ(arrived.payload.size(), payload.size());
      node.network.send(any_other(), {.kind = message_kind::task,
                                      .hops = static_cast<std::uint16_t>(arrived.hops - 1),
                                      .home = arrived.home,
                                      .payload = arrived.payload});
    }
  };
  for (int other = 0; other < node.num_nodes(); ++other) {
    for (int i = 0; i < chains && other != node.self(); ++i)
      node.network.send(node_id{other},
                        {.kind = message_kind::task, .hops = length, .home = node.network.self(), .payload = payload});
  }
  const int others = node.num_nodes() - 1;
  node.run_until([&] { return num_over == chains * others; });
  for (int other = 0; other < node.num_nodes(); ++other)
    if (other != node.self()) node.network.send(node_id{other}, {.kind = message_kind::end});
  node.run_until([&] { return num_ends == others && node.network.is_flushed(); });
  EXPECT_EQ(num_over, chains * others);
}

/// Each node sends so much to the next one, and a small message behind it.
void pass_round(std::size_t size) {
  test_node node;
  if (node.num_nodes() == 1) GTEST_SKIP() << "needs a second node";
  const node_id next{(node.self() + 1) % node.num_nodes()};
  const node_id before{(node.self() + node.num_nodes() - 1) % node.num_nodes()};
  constexpr std::size_t stride = 4093;
  const auto mark = [](std::size_t at, node_id from) {
    return static_cast<std::byte>(at / stride + base::index_of(from));
  };
  bytes sent(size);
  for (std::size_t i = 0; i < size; i += stride) sent[i] = mark(i, node.network.self());
  bytes received;
  bool has_small = false;
  node.on_message = [&](node_id from, const message& arrived) {
    EXPECT_EQ(from, before);
    if (arrived.kind == message_kind::task) {
      EXPECT_FALSE(has_small) << "the small one has overtaken the large one";
      ASSERT_NE(arrived.buffer, nullptr);
      EXPECT_EQ(arrived.payload.data(), arrived.buffer->data());
      EXPECT_EQ(arrived.payload.size(), arrived.buffer->size());
      received = std::move(*arrived.buffer);
    } else {
      has_small = true;
    }
  };
  node.network.send(next, {.kind = message_kind::task, .payload = sent, .buffer = &sent});
  node.network.send(next, {.kind = message_kind::credit});
  node.run_until([&] { return has_small && node.network.is_flushed(); });
  ASSERT_EQ(received.size(), size);
  std::size_t num_wrong = 0;
  for (std::size_t i = 0; i < size; i += stride) num_wrong += received[i] == mark(i, before) ? 0 : 1;
  EXPECT_EQ(num_wrong, 0U);
}

TEST(transport, brings_100_megabytes) { pass_round(100'000'000); }

// On demand (--gtest_also_run_disabled_tests): three pieces, and six GiB of memory a rank.
TEST(transport, DISABLED_brings_3_gibibytes) { pass_round(std::size_t{3} << 30U); }

TEST(transport, gathers_bytes_of_all_sizes) {
  test_node node;
  for (std::size_t scale : {0U, 1U, 1000U, 1'000'000U}) {
    // The first node gives nothing, the others more and more.
    const auto size_of = [&](int from) { return scale * static_cast<std::size_t>(from); };
    const auto all = node.network.all_gather(pattern(node.self(), 0, scale, size_of(node.self())));
    ASSERT_EQ(all.size(), static_cast<std::size_t>(node.num_nodes()));
    for (int from = 0; from < node.num_nodes(); ++from)
      EXPECT_TRUE(all[static_cast<std::size_t>(from)] == pattern(from, 0, scale, size_of(from)));
  }
}

TEST(transport, knows_the_hosts) {
  test_node node;
  ASSERT_EQ(node.network.hosts().size(), static_cast<std::size_t>(node.num_nodes()));
  for (const std::string& host : node.network.hosts()) {
    EXPECT_FALSE(host.empty());
    EXPECT_EQ(host, node.network.hosts().front()) << "these tests run on one machine";
  }
  EXPECT_TRUE(node.network.has_doorbell_everywhere());
}

TEST(transport, has_nothing_to_say_at_first_and_none_to_send_to_oneself) {
  test_node node;
  EXPECT_FALSE(node.poll());
  EXPECT_TRUE(node.network.is_flushed());
  node.network.flush();
  const auto before = base::set_check_handler([](std::string_view text) { throw std::logic_error(std::string(text)); });
  EXPECT_THROW(node.network.send(node.network.self(), {}), std::logic_error);
  EXPECT_THROW(node.network.send(node_id{node.num_nodes()}, {}), std::logic_error);
  base::set_check_handler(before);
  EXPECT_TRUE(node.network.is_flushed());
}

/// Every node says hello to every other one.
void greet_all(test_node& node) {
  int num_received = 0;
  node.on_message = [&](node_id from, const message& arrived) {
    EXPECT_EQ(arrived.home, from);
    ++num_received;
  };
  for (int other = 0; other < node.num_nodes(); ++other)
    if (other != node.self()) node.network.send(node_id{other}, {.home = node.network.self()});
  node.run_until([&] { return num_received == node.num_nodes() - 1 && node.network.is_flushed(); });
}

TEST(transport, can_be_made_again_and_again) {
  for (int i = 0; i < 20; ++i) {
    test_node node;
    greet_all(node);
  }
}

/// No file of this process can grow, and so no shared memory be made, while it lives.
class no_room_in_files {
 public:
  no_room_in_files() : m_handler_before(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &m_before);
    const rlimit none{.rlim_cur = 0, .rlim_max = m_before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~no_room_in_files() {
    setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_handler_before);
  }
  no_room_in_files(const no_room_in_files&) = delete;
  no_room_in_files& operator=(const no_room_in_files&) = delete;

 private:
  rlimit m_before{};
  void (*m_handler_before)(int);
};

TEST(transport, goes_on_without_shared_memory) {
  std::optional<no_room_in_files> no_room{std::in_place};
  test_node node;
  no_room.reset();
  EXPECT_FALSE(node.network.has_doorbell_everywhere());
  greet_all(node);
  node.network.begin_polling();
  EXPECT_TRUE(node.network.end_polling());
  node.network.ring();
  node.network.sleep(std::chrono::seconds(600));  // past the time limit, if the ring were lost
}

}  // namespace
}  // namespace torc::backends::mpi

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/frame.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace torc::protocol {
namespace {

using testing::HasSubstr;
using bytes = std::vector<std::byte>;

constexpr std::uint16_t session = 7;

bytes some_bytes(std::size_t size, unsigned seed) {
  std::mt19937 engine(seed);
  bytes made(size);
  for (std::byte& b : made) b = static_cast<std::byte>(engine());
  return made;
}

message filled(message_kind kind, std::span<const std::byte> payload) {
  return {.kind = kind,
          .flags = message_flags::movable | message_flags::failed,
          .hops = 0x1234,
          .home = node_id{65535},
          .workers = 0x89abcdef,
          .id = 0x0123456789abcdef,
          .value = ~std::uint64_t{0} - 3,
          .payload = payload};
}

bytes frame_of(const std::vector<message>& messages) {
  frame_writer writer;
  for (const message& m : messages) EXPECT_TRUE(writer.add(m));
  const auto made = writer.finish(session);
  return {made.begin(), made.end()};
}

/// The messages of a frame, their payloads within it.
std::vector<frame_reader::entry> read_all(const bytes& frame) {
  std::vector<frame_reader::entry> entries;
  frame_reader reader(frame, session);
  frame_reader::entry read;
  while (reader.next(read)) entries.push_back(read);
  return entries;
}

std::string refusal_of(const bytes& frame) {
  try {
    read_all(frame);
  } catch (const violation& refused) {
    return refused.what();
  }
  return "accepted";
}

void expect_same(const message& read, const message& sent) {
  EXPECT_EQ(read.kind, sent.kind);
  EXPECT_EQ(read.flags, sent.flags);
  EXPECT_EQ(read.hops, sent.hops);
  EXPECT_EQ(read.home, sent.home);
  EXPECT_EQ(read.workers, sent.workers);
  EXPECT_EQ(read.id, sent.id);
  EXPECT_EQ(read.value, sent.value);
}

template <class Number>
bytes with(bytes frame, std::size_t offset, Number number) {
  std::memcpy(frame.data() + offset, &number, sizeof number);
  return frame;
}

TEST(frame, brings_every_field_of_every_kind_back) {
  const bytes payload = some_bytes(std::size_t{3} * num_message_kinds, 1);
  std::vector<message> sent;
  for (std::uint8_t kind = 0; kind < num_message_kinds; ++kind)
    sent.push_back(filled(message_kind{kind}, std::span(payload).first(kind * 3U)));
  const bytes frame = frame_of(sent);
  const auto read = read_all(frame);
  ASSERT_EQ(read.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    expect_same(read[i].header, sent[i]);
    EXPECT_EQ(read[i].large_bytes, 0U);
    EXPECT_TRUE(std::ranges::equal(read[i].header.payload, sent[i].payload));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(read[i].header.payload.data()) % 8,
              reinterpret_cast<std::uintptr_t>(frame.data()) % 8)
        << "payloads lie at multiples of 8 bytes";
  }
}

TEST(frame, holds_messages_until_it_is_full) {
  const bytes payload = some_bytes(1000, 2);
  frame_writer writer;
  EXPECT_TRUE(writer.is_empty());
  std::size_t added = 0;
  while (writer.add(filled(message_kind::task, payload))) ++added;
  EXPECT_EQ(added, (frame_bytes - frame_header_bytes) / (message_header_bytes + payload.size()));
  EXPECT_FALSE(writer.is_empty());
  const auto made = writer.finish(session);
  EXPECT_LE(made.size(), frame_bytes);
  EXPECT_EQ(read_all({made.begin(), made.end()}).size(), added);

  writer.clear();
  EXPECT_TRUE(writer.is_empty());
  const auto empty = writer.finish(session);
  EXPECT_TRUE(read_all({empty.begin(), empty.end()}).empty());
}

TEST(frame, takes_payloads_up_to_its_room_and_only_announces_larger_ones) {
  const bytes payload = some_bytes(largest_inline_bytes + 1, 3);
  const std::span all(payload);

  const bytes full = frame_of({filled(message_kind::task, all.first(largest_inline_bytes))});
  EXPECT_EQ(full.size(), frame_bytes);
  const auto inside = read_all(full);
  ASSERT_EQ(inside.size(), 1U);
  EXPECT_EQ(inside[0].large_bytes, 0U);
  EXPECT_TRUE(std::ranges::equal(inside[0].header.payload, all.first(largest_inline_bytes)));

  const message large = filled(message_kind::task, all);
  const bytes announcing = frame_of({large, filled(message_kind::end, {})});
  EXPECT_EQ(announcing.size(), frame_header_bytes + 2 * message_header_bytes);
  const auto announced = read_all(announcing);
  ASSERT_EQ(announced.size(), 2U);
  expect_same(announced[0].header, large);
  EXPECT_EQ(announced[0].large_bytes, payload.size());
  EXPECT_TRUE(announced[0].header.payload.empty());
  EXPECT_EQ(announced[1].large_bytes, 0U);
}

TEST(frame, is_refused_with_the_reason) {
  const bytes payload = some_bytes(20, 4);
  const bytes good = frame_of({filled(message_kind::task, payload)});
  EXPECT_EQ(refusal_of(good), "accepted");
  const auto refused = [](const bytes& frame, const std::string& reason) {
    EXPECT_THAT(refusal_of(frame), HasSubstr(reason));
  };

  refused({}, "a frame of 0 bytes, which are fewer than its header's 16");
  refused(with(good, 0, std::uint32_t{0}), "begins with 0x00000000 instead of 0x43524f54");
  refused(with(good, 0, std::uint32_t{0x544f5243}), "other byte order");
  refused(with(good, 4, std::uint16_t{protocol_version + 1}),
          fmt::format("protocol version {}; this program speaks version {}", protocol_version + 1, protocol_version));
  refused(with(good, 6, std::uint16_t{session + 1}), "of session number 8 in session number 7");
  refused(with(good, 8, std::uint32_t{1000}), "a frame of 80 bytes that claims to have 1000");
  refused(with(good, 12, std::uint32_t{0}), "64 bytes after its last message");
  refused(with(good, 12, std::uint32_t{2}), "ends within the header of a message");
  const std::size_t header = frame_header_bytes;
  refused(with(good, header, num_message_kinds),
          fmt::format("a message of kind {0}; there are {0}", num_message_kinds));
  refused(with(good, header + 1, std::uint8_t{0x80}), "a message with flags 0x80; known are ");
  refused(with(good, header + 12, std::uint32_t{2}), "form 2");
  refused(with(good, header + 12, std::uint32_t{1}), "a large message of 20 bytes");
  refused(with(good, header + 32, std::uint64_t{25}), "a message of 25 bytes in a frame of which 24 are left");
  refused(with(good, header + 32, ~std::uint64_t{0}), "in a frame of which 24 are left");
  refused(with(good, good.size() - 1, std::uint8_t{1}), "padding is not zero");

  const bytes large = frame_of({filled(message_kind::task, some_bytes(largest_inline_bytes + 1, 5))});
  refused(with(large, header + 32, largest_payload_bytes + 1), "a large message of 1099511627777 bytes");
}

TEST(frame, cut_off_anywhere_is_refused) {
  const bytes payload = some_bytes(77, 6);
  const bytes good = frame_of({filled(message_kind::result, payload), filled(message_kind::credit, {}),
                               filled(message_kind::task, std::span(payload).first(9))});
  for (std::size_t size = 0; size < good.size(); ++size) {
    const bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(refusal_of(cut), "accepted") << size;
    // Also when the length is made to fit.
    if (size >= frame_header_bytes) {
      EXPECT_NE(refusal_of(with(cut, 8, static_cast<std::uint32_t>(size))), "accepted") << size;
    }
  }
  bytes longer = good;
  longer.resize(good.size() + 8);
  EXPECT_NE(refusal_of(longer), "accepted");
  EXPECT_NE(refusal_of(with(longer, 8, static_cast<std::uint32_t>(longer.size()))), "accepted");
}

TEST(frame, with_any_byte_changed_is_refused_or_is_what_a_writer_could_have_written) {
  const bytes payload = some_bytes(13, 7);
  const bytes good = frame_of({filled(message_kind::task, payload), filled(message_kind::steal_request, {})});
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned change = 1; change < 256; ++change) {
      const bytes changed = with(good, at, static_cast<std::uint8_t>(std::to_integer<unsigned>(good[at]) ^ change));
      if (refusal_of(changed) != "accepted") continue;
      ++accepted;
      std::vector<message> read;
      for (const auto& entry : read_all(changed)) read.push_back(entry.header);
      EXPECT_EQ(frame_of(read), changed) << "at byte " << at;
    }
  }
  // The fields whose values are for the receiver to judge, and the payload, can take other values.
  EXPECT_GT(accepted, 0U);
}

}  // namespace
}  // namespace torc::protocol

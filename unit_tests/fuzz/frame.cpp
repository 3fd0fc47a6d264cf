// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/frame.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "unit_tests/fuzz/target.hpp"

namespace torc::fuzz {
namespace {

using namespace torc::protocol;

constexpr std::uint16_t session = 1;

bytes frame_of(const std::vector<message>& messages) {
  frame_writer writer;
  for (const message& m : messages) require(writer.add(m));
  const auto made = writer.finish(session);
  return {made.begin(), made.end()};
}

/// What is accepted is what a writer writes: writing it again gives the same bytes.
void decode_frame(std::span<const std::byte> input) {
  std::vector<message> messages;
  try {
    frame_reader reader(input, session);
    frame_reader::entry entry;
    while (reader.next(entry)) {
      // Of a large payload the writer needs no more than the size; it is not there to be looked at.
      if (entry.large_bytes != 0) entry.header.payload = {input.data(), entry.large_bytes};
      messages.push_back(entry.header);
    }
  } catch (const violation&) {
    return;
  }
  // Nobody sends more, but a reader does not know.
  if (input.size() > frame_bytes) return;
  require(std::ranges::equal(frame_of(messages), input));
}

std::vector<bytes> frame_seeds() {
  static const bytes payload(largest_inline_bytes + 1, std::byte{7});
  std::vector<bytes> seeds;
  std::vector<message> all;
  for (std::uint8_t kind = 0; kind < num_message_kinds; ++kind) {
    all.push_back({.kind = message_kind{kind},
                   .flags = static_cast<std::uint8_t>(kind & message_flags::known),
                   .hops = kind,
                   .home = node_id{kind},
                   .workers = kind,
                   .id = kind,
                   .value = kind,
                   .payload = std::span(payload).first(kind)});
    seeds.push_back(frame_of({all.back()}));
  }
  seeds.push_back(frame_of({}));
  seeds.push_back(frame_of(all));
  seeds.push_back(frame_of({{.kind = message_kind::task, .payload = payload}, {.kind = message_kind::end}}));
  return seeds;
}

/// Puts the right header before it, so that more inputs get to the messages. The first byte is their number.
void decode_body(std::span<const std::byte> input) {
  if (input.empty()) return;
  bytes made = frame_of({});
  const auto body = input.subspan(1);
  made.insert(made.end(), body.begin(), body.end());
  const auto size_bytes = static_cast<std::uint32_t>(made.size());
  const auto num_messages = std::to_integer<std::uint32_t>(input[0]);
  std::memcpy(made.data() + 8, &size_bytes, sizeof size_bytes);
  std::memcpy(made.data() + 12, &num_messages, sizeof num_messages);
  decode_frame(made);
}

std::vector<bytes> body_seeds() {
  std::vector<bytes> seeds = frame_seeds();
  for (bytes& seed : seeds) {
    const std::byte num_messages = seed[12];
    seed.erase(seed.begin(), seed.begin() + frame_header_bytes - 1);
    seed[0] = num_messages;
  }
  return seeds;
}

}  // namespace

const target frame{.name = "frame", .decode = decode_frame, .seeds = frame_seeds};
const target frame_body{.name = "frame_body", .decode = decode_body, .seeds = body_seeds};

}  // namespace torc::fuzz

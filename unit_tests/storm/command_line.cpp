// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/command_line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string_view>

namespace storm {
namespace {

constexpr std::string_view usage = R"(usage: mpiexec -n RANKS storm [OPTION...]
  --seeds A:B          run the programs of these seeds (1:1)
  --repeat N           each of them so often (1)
  --hostile            on a network that is as bad as may be
  --stops              each stopped at some time by a signal to some of its ranks
  --frame-bytes N      the network's frames (65536); a multiple of 8, at least 64
  --piece-bytes N      and pieces of large messages (2^30)
  --burners N          beside N processes that keep the machine busy
  --time-limit S       seconds that a program may stand still (60)
  --with-fault N       do what shows this known fault
  --with-all-faults    and all of them
  --only N,N,...       with these operations alone
without a launcher:
  --describe           print the programs
  --shrink             drop operations of the first program as long as it goes wrong
  --ranks N            for so many ranks (2)
  --launcher WORDS     start them so ("mpiexec -n"): words of a shell
)";

template <class T>
bool read(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_seeds(std::string_view text, command_line& to) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return read(text, to.first_seed) && read(text, to.last_seed);
  return read(text.substr(0, colon), to.first_seed) && read(text.substr(colon + 1), to.last_seed);
}

bool read_list(std::string_view text, std::vector<std::uint32_t>& to) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (!read(text.substr(0, comma), to.emplace_back())) return false;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}

/// Options without a value; false if it is none.
bool read_flag(std::string_view name, command_line& to) {
  if (name == "--hostile") {
    to.is_hostile = true;
  } else if (name == "--stops") {
    to.stops = true;
  } else if (name == "--with-all-faults") {
    to.faults.allow_all();
  } else if (name == "--describe") {
    to.describes = true;
  } else if (name == "--shrink") {
    to.shrinks = true;
  } else if (name == "--play") {
    to.plays = true;
  } else {
    return false;
  }
  return true;
}

bool read_option(std::string_view name, std::string_view value, command_line& to) {
  if (name == "--seeds") return read_seeds(value, to);
  if (name == "--repeat") return read(value, to.repeat);
  if (name == "--burners") return read(value, to.burners);
  if (name == "--time-limit") return read(value, to.seconds);
  if (name == "--frame-bytes") return read(value, to.frame_bytes) && to.frame_bytes >= 64 && to.frame_bytes % 8 == 0;
  if (name == "--piece-bytes") return read(value, to.piece_bytes) && to.piece_bytes > 0;
  if (name == "--only") return read_list(value, to.kept);
  if (name == "--ranks") return read(value, to.ranks);
  if (name == "--launcher") {
    to.launcher = value;
    return true;
  }
  int number = 0;
  if (name != "--with-fault" || !read(value, number) || number < 1 || number > 63) return false;
  to.faults.allow(number);
  return true;
}

bool is_kept(std::string_view name) {
  return name != "--seeds" && name != "--only" && name != "--ranks" && name != "--launcher" && name != "--describe" &&
         name != "--shrink" && name != "--play";
}

}  // namespace

std::optional<command_line> parse(int argc, char** argv) {
  command_line parsed;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const bool is_flag = read_flag(name, parsed);
    if (!is_flag && (i + 1 == argc || !read_option(name, argv[i + 1], parsed))) {
      fmt::print(stderr, "storm: cannot understand {}\n{}", name, usage);
      return std::nullopt;
    }
    if (is_kept(name)) parsed.given.emplace_back(name);
    if (is_flag) continue;
    ++i;
    if (is_kept(name)) parsed.given.emplace_back(argv[i]);
  }
  return parsed;
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string command_for(const command_line& given, const std::string& program, std::uint64_t seed, int ranks,
                        const std::vector<std::uint32_t>& kept) {
  std::string command = fmt::format("{} {} {} --seeds {}:{}", given.launcher, ranks, shell_word(program), seed, seed);
  for (const std::string& word : given.given) command += fmt::format(" {}", shell_word(word));
  if (!kept.empty()) command += fmt::format(" --only {}", fmt::join(kept, ","));
  return command;
}

}  // namespace storm

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/config/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace torc::config {

namespace {

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) { return parse_whole<std::int64_t>(text); }

std::optional<std::uint64_t> parse_unsigned(std::string_view text) { return parse_whole<std::uint64_t>(text); }

std::optional<double> parse_number(std::string_view text) {
  const std::optional<double> value = parse_whole<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<bool> parse_boolean(std::string_view text) {
  const auto is_one_of = [text](const auto&... words) { return (equals_ignoring_case(text, words) || ...); };
  if (is_one_of("1", "true", "yes", "on")) return true;
  if (is_one_of("0", "false", "no", "off")) return false;
  return std::nullopt;
}

std::optional<std::size_t> parse_size(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::uint64_t> count = parse_unsigned(text.substr(0, digits));
  if (!count) return std::nullopt;
  std::string_view unit = text.substr(digits);
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  constexpr std::array<std::string_view, 3> letters{"k", "m", "g"};
  std::optional<unsigned> shift;
  if (unit.empty() || equals_ignoring_case(unit, "b")) shift = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const bool is_letter = equals_ignoring_case(unit.substr(0, 1), letters[i]);
    const std::string_view rest = is_letter ? unit.substr(1) : "";
    if (is_letter && (rest.empty() || equals_ignoring_case(rest, "b") || equals_ignoring_case(rest, "ib"))) {
      shift = static_cast<unsigned>(10 * (i + 1));
    }
  }
  if (!shift || *count > std::numeric_limits<std::size_t>::max() >> *shift) return std::nullopt;
  return static_cast<std::size_t>(*count << *shift);
}

std::string show_size(std::size_t bytes) {
  constexpr std::array<std::pair<unsigned, std::string_view>, 3> units{{{30, "GiB"}, {20, "MiB"}, {10, "KiB"}}};
  for (const auto& [shift, name] : units) {
    const std::size_t unit = std::size_t{1} << shift;
    if (bytes != 0 && bytes % unit == 0) return fmt::format("{} {}", bytes / unit, name);
  }
  return fmt::format("{} B", bytes);
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Row i of the table of distances between the beginnings of a and b; only the row before is needed.
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace torc::config

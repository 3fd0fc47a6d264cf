// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/statistics.hpp"

namespace perf {
namespace {

std::string number(double value) {
  if (!std::isfinite(value)) return "-";
  const double size = std::abs(value);
  if (size >= 1000) return fmt::format("{:.0f}", value);
  if (size >= 100) return fmt::format("{:.1f}", value);
  return fmt::format("{:.3g}", value);
}

bool holds(const target& aim, double value) {
  return aim.side == target::bound::at_most ? value <= aim.value : value >= aim.value;
}

std::string verdict(const target& aim, const report& from) {
  const series* measured = from.measured.find(aim.key);
  if (measured == nullptr) return "";
  double value = median(measured->values);
  std::string of;
  if (aim.relative_to) {
    const auto relative = ratio_of(*measured, from.measured.find({aim.key.what, *aim.relative_to, aim.key.workers}));
    if (!relative) return "";
    value = relative->median;
    of = " of " + *aim.relative_to;
  }
  return fmt::format("{} {}{}: {}", aim.side == target::bound::at_most ? "at most" : "at least", aim.value, of,
                     holds(aim, value) ? "met" : "MISSED");
}

std::string verdicts(const series& one, const report& from) {
  std::string text;
  for (const target& aim : from.targets) {
    if (!(aim.key == one.key)) continue;
    const std::string more = verdict(aim, from);
    if (!text.empty() && !more.empty()) text += "; ";
    text += more;
  }
  return text;
}

/// Each `what` once, in the order in which they were first measured.
std::vector<std::string> kinds_of_work(const results& measured) {
  std::vector<std::string> kinds;
  for (const series& one : measured.all()) {
    if (std::find(kinds.begin(), kinds.end(), one.key.what) == kinds.end()) kinds.push_back(one.key.what);
  }
  return kinds;
}

std::string row(const series& one, const report& from) {
  std::string text =
      fmt::format("  {:>7}  {:<24}{:>10}{:>22}", one.key.workers, one.key.rival, number(median(one.values)),
                  fmt::format("{} to {}", number(least(one.values)), number(greatest(one.values))));
  if (!from.baseline.empty()) {
    const auto relative = ratio_of(one, from.measured.find({one.key.what, from.baseline, one.key.workers}));
    text += fmt::format("   {:<24}", relative ? fmt::format("{:.3f} ({:.3f} to {:.3f})", relative->median,
                                                            relative->least, relative->greatest)
                                              : "");
  }
  text += "  " + verdicts(one, from);
  return text.substr(0, text.find_last_not_of(' ') + 1) + '\n';
}

std::string section(const std::string& what, const report& from) {
  std::string text;
  for (const series& one : from.measured.all()) {
    if (one.key.what != what) continue;
    if (text.empty()) {
      text = fmt::format("\n{} [{}], {} rounds\n  {:>7}  {:<24}{:>10}{:>22}{}\n", what, one.unit, one.values.size(),
                         "workers", "", "median", "min to max", from.baseline.empty() ? "" : "   of " + from.baseline);
    }
    text += row(one, from);
  }
  return text;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      result += '\\';
      result += letter;
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(letter));
    } else {
      result += letter;
    }
  }
  return result + '"';
}

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{:.9g}", value) : "null"; }

/// Elements written by `write`, with commas between them.
template <class Range, class Write>
std::string joined(const Range& range, Write write) {
  std::string text;
  for (const auto& element : range) {
    if (!text.empty()) text += ", ";
    text += write(element);
  }
  return text;
}

std::string json_series(const series& one, const report& from) {
  std::string text =
      fmt::format(R"({{"what": {}, "rival": {}, "workers": {}, "unit": {}, "median": {}, "min": {}, "max": {})",
                  quoted(one.key.what), quoted(one.key.rival), one.key.workers, quoted(one.unit),
                  json_number(median(one.values)), json_number(least(one.values)), json_number(greatest(one.values)));
  const auto relative = ratio_of(one, from.measured.find({one.key.what, from.baseline, one.key.workers}));
  if (relative) {
    text += fmt::format(R"(, "ratio": {{"to": {}, "median": {}, "min": {}, "max": {}}})", quoted(from.baseline),
                        json_number(relative->median), json_number(relative->least), json_number(relative->greatest));
  }
  return text + fmt::format(R"(, "values": [{}]}})", joined(one.values, json_number));
}

std::string json_target(const target& aim, const report& from) {
  return fmt::format(
      R"({{"what": {}, "rival": {}, "workers": {}, "relative_to": {}, "{}": {}, "verdict": {}}})", quoted(aim.key.what),
      quoted(aim.key.rival), aim.key.workers, aim.relative_to ? quoted(*aim.relative_to) : "null",
      aim.side == target::bound::at_most ? "at_most" : "at_least", json_number(aim.value), quoted(verdict(aim, from)));
}

}  // namespace

std::string table(const report& from) {
  std::string text;
  for (const std::string& what : kinds_of_work(from.measured)) text += section(what, from);
  for (const std::string& note : from.notes) text += fmt::format("\nnote: {}", note);
  if (!from.notes.empty()) text += '\n';
  for (const std::string& failure : from.failures) text += fmt::format("\nFAILED: {}\n", failure);
  return text;
}

std::string json(const report& from) {
  return fmt::format(
      "{{\n  \"program\": {},\n  \"facts\": {{{}}},\n  \"series\": [\n    {}\n  ],\n  \"targets\": [{}],\n"
      "  \"notes\": [{}],\n  \"failures\": [{}]\n}}\n",
      quoted(from.program),
      joined(from.about,
             [](const auto& fact) { return fmt::format("{}: {}", quoted(fact.first), quoted(fact.second)); }),
      joined(from.measured.all(), [&](const series& one) { return json_series(one, from); }),
      joined(from.targets, [&](const target& aim) { return json_target(aim, from); }), joined(from.notes, quoted),
      joined(from.failures, quoted));
}

}  // namespace perf

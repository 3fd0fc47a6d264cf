// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "core/config/config.hpp"
#include "core/config/variables.hpp"

namespace torc::config {

namespace {

constexpr std::size_t line_width = 80;
constexpr std::size_t indent = 25;

/// Appends words, broken into lines that begin at `indent`. The first one continues a line that is filled up to there.
void append_wrapped(std::string& out, std::string_view text) {
  std::size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column > indent && column + 1 + word.size() > line_width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += '\n';
}

std::string type_of(const variable& v) {
  return v.unit.empty() ? std::string(v.type) : fmt::format("{} ({})", v.type, v.unit);
}

}  // namespace

std::string help() {
  std::string out =
      "torc reads these environment variables when a session starts. What is set there\n"
      "wins over the program's own torc::options.\n\n";
  const options defaults;
  for (const variable& v : variables()) {
    fmt::format_to(std::back_inserter(out), "  {:<{}}", v.name, indent - 2);
    append_wrapped(out, v.help);
    out.append(indent, ' ');
    append_wrapped(out, fmt::format("{}, default {}; allowed: {}", type_of(v), v.show(defaults), v.allowed()));
  }
  return out;
}

std::string variables_markdown() {
  std::string out = "| variable | type | default | allowed | meaning |\n|---|---|---|---|---|\n";
  const options defaults;
  for (const variable& v : variables()) {
    fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} | {} | {} |\n", v.name, type_of(v), v.show(defaults),
                   v.allowed(), v.help);
  }
  return out;
}

}  // namespace torc::config

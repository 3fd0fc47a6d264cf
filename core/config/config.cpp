// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/config/config.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <torc/error.hpp>

#include "core/config/parse.hpp"
#include "core/config/variables.hpp"

namespace torc::config {

namespace {

constexpr std::string_view prefix = "TORC_";
constexpr std::size_t slip_of_letters = 2;

/// A value as part of a message of one line.
std::string printable(std::string_view value) {
  constexpr std::size_t longest = 80;
  std::string text(value.substr(0, longest));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
  return value.size() > longest ? text + "..." : text;
}

[[noreturn]] void refuse_variable(const variable& v, std::string_view value) {
  throw config_error(fmt::format("{}={} is refused: allowed is {}", v.name, printable(value), v.allowed()));
}

const setting* find(const environment& settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(), [&](const setting& s) { return s.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

void check_name(const setting& s) {
  if (!std::string_view(s.name).starts_with(prefix)) return;
  const variable* nearest = nullptr;
  std::size_t least = slip_of_letters + 1;
  for (const variable& v : variables()) {
    const std::size_t distance = edit_distance(s.name, v.name);
    if (distance < least) {
      least = distance;
      nearest = &v;
    }
  }
  if (nearest == nullptr || least == 0) return;
  throw config_error(fmt::format("unknown variable {}={}: did you mean {}? Correct its name or unset it",
                                 printable(s.name), printable(s.value), nearest->name));
}

std::optional<help_request> parse_help(std::string_view text) {
  if (equals_ignoring_case(text, "markdown")) return help_request::markdown;
  const std::optional<bool> is_wanted = parse_boolean(text);
  if (!is_wanted) return std::nullopt;
  return *is_wanted ? help_request::terminal : help_request::none;
}

}  // namespace

environment process_environment() {
  environment found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (!text.starts_with(prefix) || equals == std::string_view::npos) continue;
    found.push_back({std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))});
  }
  return found;
}

options resolve(options given, const environment& settings) {
  for (const setting& s : settings) check_name(s);
  requested_help(settings);
  for (const variable& v : variables()) {
    if (const setting* s = find(settings, v.name); s != nullptr) {
      if (!v.parse(s->value, given) || !v.is_allowed(given)) refuse_variable(v, s->value);
    } else if (!v.is_allowed(given)) {
      throw config_error(fmt::format("torc::options::{} = {} is refused: allowed is {} (also set by {})", v.member,
                                     v.show(given), v.allowed(), v.name));
    }
  }
  return given;
}

help_request requested_help(const environment& settings) {
  const setting* const s = find(settings, "TORC_HELP");
  if (s == nullptr) return help_request::none;
  const std::optional<help_request> request = parse_help(s->value);
  if (!request) {
    const auto all = variables();
    refuse_variable(*std::find_if(all.begin(), all.end(), [](const variable& v) { return v.name == "TORC_HELP"; }),
                    s->value);
  }
  return *request;
}

}  // namespace torc::config

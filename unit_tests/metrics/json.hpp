// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A strict reader of JSON (RFC 8259) for tests of what torc writes; throws std::runtime_error at what is not JSON.
namespace torc::test {

struct json {
  enum class kind { null, boolean, number, text, array, object };

  kind type = kind::null;
  double number = 0;  // of a boolean too
  std::string text;
  std::vector<json> items;
  std::map<std::string, json> members;

  const json& operator[](const std::string& name) const { return members.at(name); }
};

class json_reader {
 public:
  static json read(std::string_view text) {
    json_reader reader(text);
    json value = reader.value();
    reader.skip_blanks();
    if (!reader.m_rest.empty()) reader.fail("text after the end");
    return value;
  }

 private:
  explicit json_reader(std::string_view text) : m_rest(text), m_all(text) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("not JSON at byte " + std::to_string(m_all.size() - m_rest.size()) + ": " + what);
  }

  void skip_blanks() { m_rest.remove_prefix(std::min(m_rest.find_first_not_of(" \t\r\n"), m_rest.size())); }

  bool take(std::string_view token) {
    if (!m_rest.starts_with(token)) return false;
    m_rest.remove_prefix(token.size());
    return true;
  }

  void need(std::string_view token) {
    skip_blanks();
    if (!take(token)) fail("expected " + std::string(token));
  }

  json value() {
    skip_blanks();
    json v;
    if (take("null")) return v;
    if (m_rest.starts_with('"')) {
      v.type = json::kind::text;
      v.text = string();
    } else if (take("[")) {
      v.type = json::kind::array;
      list("]", [&] { v.items.push_back(value()); });
    } else if (take("{")) {
      v.type = json::kind::object;
      list("}", [&] {
        skip_blanks();
        std::string name = string();
        need(":");
        if (!v.members.emplace(std::move(name), value()).second) fail("a name twice");
      });
    } else if (take("true") || take("false")) {
      v.type = json::kind::boolean;
      v.number = m_all[m_all.size() - m_rest.size() - 2] == 'u' ? 1 : 0;
    } else {
      v.type = json::kind::number;
      v.number = a_number();
    }
    return v;
  }

  template <class Element>
  void list(std::string_view end, Element element) {
    skip_blanks();
    if (take(end)) return;
    do {
      element();
      skip_blanks();
    } while (take(","));
    need(end);
  }

  double a_number() {
    const std::string digits(m_rest.substr(0, m_rest.find_first_not_of("+-.eE0123456789")));
    char* end = nullptr;
    const double v = std::strtod(digits.c_str(), &end);
    const std::size_t sign = digits.starts_with('-') ? 1 : 0;
    const bool is_padded = digits.size() > sign + 1 && digits[sign] == '0' && digits[sign + 1] != '.';
    if (digits.empty() || *end != 0 || digits[0] == '+' || digits[0] == '.' || is_padded) fail("bad number");
    m_rest.remove_prefix(digits.size());
    return v;
  }

  std::string string() {
    if (!take("\"")) fail("expected a string");
    std::string out;
    while (!take("\"")) {
      if (m_rest.empty() || static_cast<unsigned char>(m_rest[0]) < 0x20) fail("bad character in a string");
      if (take("\\u")) {
        const auto code = std::strtoul(std::string(m_rest.substr(0, 4)).c_str(), nullptr, 16);
        if (m_rest.size() < 4 || code > 0x7f) fail("an escape that torc does not write");
        out += static_cast<char>(code);
        m_rest.remove_prefix(4);
        continue;
      }
      if (take("\\")) {
        if (m_rest.empty() || std::string_view("\"\\/").find(m_rest[0]) == std::string_view::npos) fail("bad escape");
      }
      out += m_rest[0];
      m_rest.remove_prefix(1);
    }
    return out;
  }

  std::string_view m_rest;
  std::string_view m_all;
};

}  // namespace torc::test

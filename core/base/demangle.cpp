// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/demangle.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace torc::base {
namespace {

std::string replaced(const std::string& text, const std::string& old, std::string_view shorter) {
  std::string made;
  std::size_t begin = 0;
  for (std::size_t at = text.find(old); at != std::string::npos; at = text.find(old, begin)) {
    made.append(text, begin, at - begin).append(shorter);
    begin = at + old.size();
  }
  return made.append(text, begin);
}

/// Of the template argument that begins there.
std::size_t end_of_argument(const std::string& text, std::size_t at) {
  for (int depth = 0; at < text.size(); ++at) {
    if ((text[at] == '>' || text[at] == ',') && depth == 0) break;
    if (text[at] == '<') ++depth;
    if (text[at] == '>') --depth;
  }
  return at;
}

/// Strings and vectors as they are written, without the arguments that they have by default.
std::string as_written(std::string name) {
  const std::string string = "basic_string<char, std::char_traits<char>, std::allocator<char> >";
  name = replaced(name, "std::__cxx11::" + string, "std::string");
  name = replaced(name, "std::" + string, "std::string");
  name = replaced(name, " >", ">");
  constexpr std::string_view vector = "std::vector<";
  // The inner ones stand behind the outer one's name.
  for (std::size_t at = name.rfind(vector); at != std::string::npos;
       at = at > 0 ? name.rfind(vector, at - 1) : at - 1) {
    const std::size_t first = at + vector.size();
    const std::size_t end = end_of_argument(name, first);
    const std::string by_default = std::string(", std::allocator<").append(name, first, end - first).append(">");
    if (name.compare(end, by_default.size(), by_default) == 0) name.erase(end, by_default.size());
  }
  return name;
}

}  // namespace

std::string demangle(const char* symbol) {
  struct free_memory {
    void operator()(char* p) const noexcept { std::free(p); }
  };
  int status = 0;
  const std::unique_ptr<char, free_memory> name(abi::__cxa_demangle(symbol, nullptr, nullptr, &status));
  return status == 0 && name ? as_written(name.get()) : symbol;
}

}  // namespace torc::base

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/shrinker.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "unit_tests/storm/generator.hpp"

namespace storm {
namespace {

using ids = std::vector<std::uint32_t>;

class shrinker {
 public:
  shrinker(const command_line& given, const std::string& program) : m_given(given), m_program(program) {}

  int run() {
    program whole = generate(m_given.first_seed, m_given.ranks, m_given.faults);
    finish(whole, {});
    ids left(whole.num_ids);
    std::iota(left.begin(), left.end(), 0U);
    if (!goes_wrong(left)) {
      fmt::print("the whole program went well; --repeat may help\n");
      return status_usage;
    }
    for (std::size_t part = std::max<std::size_t>(1, left.size() / 2);; part /= 2) {
      left = without_parts(std::move(left), part);
      if (part <= 1) break;
    }
    finish(whole, left);
    fmt::print("{}\n{}\n", describe(whole), command(left));
    return 0;
  }

 private:
  std::string command(const ids& left) const {
    return command_for(m_given, m_program, m_given.first_seed, m_given.ranks, left);
  }
  bool goes_wrong(const ids& left) const {
    const int status = std::system((command(left) + " >/dev/null 2>&1").c_str());
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  }
  /// Leaves out one part after the other of so many operations, where it goes wrong without it too.
  ids without_parts(ids left, std::size_t part) const {
    for (std::size_t first = 0; first < left.size() && left.size() > 1;) {
      ids fewer(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(first));
      const std::size_t last = std::min(first + part, left.size());
      fewer.insert(fewer.end(), left.begin() + static_cast<std::ptrdiff_t>(last), left.end());
      if (!fewer.empty() && goes_wrong(fewer)) {
        left = std::move(fewer);
        fmt::print("{} operations are left\n", left.size());
        std::fflush(stdout);
      } else {
        first = last;
      }
    }
    return left;
  }

  const command_line& m_given;
  const std::string& m_program;
};

}  // namespace

int shrink(const command_line& given, const std::string& program) { return shrinker(given, program).run(); }

}  // namespace storm

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tmcmc {

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string() + ": " + std::strerror(errno));
}

void write_samples(const std::filesystem::path& file, const std::vector<std::string>& names,
                   const std::vector<sample>& samples) {
  std::string text = fmt::format("{},log_prior,log_likelihood\n", fmt::join(names, ","));
  for (const sample& s : samples) {
    fmt::format_to(std::back_inserter(text), "{},{},{}\n", fmt::join(s.x, ","), s.log_prior, s.log_likelihood);
  }
  write_text(file, text);
}

void write_bands(const std::filesystem::path& file, const std::vector<bands>& all) {
  std::string text = "year";
  for (const char* population : {"hare", "lynx"}) {
    for (const char* column : {"median", "low", "high", "count_low", "count_high"}) {
      fmt::format_to(std::back_inserter(text), ",{}_{}", population, column);
    }
  }
  text += '\n';
  for (const bands& b : all) {
    fmt::format_to(std::back_inserter(text), "{:.1f}", b.year);
    for (const band& p : {b.hare, b.lynx}) {
      fmt::format_to(std::back_inserter(text), ",{},{},{},{},{}", p.median, p.low, p.high, p.count_low, p.count_high);
    }
    text += '\n';
  }
  write_text(file, text);
}

}  // namespace tmcmc

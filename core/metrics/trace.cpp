// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/metrics/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

#include "core/base/clock.hpp"
#include "core/base/count_of.hpp"
#include "core/base/demangle.hpp"
#include "core/base/log.hpp"

namespace torc::metrics {

namespace {

/// A JSON string with its quotes. Bytes beyond ASCII are taken for UTF-8, as names in source files are.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// Quoted names of one trace, so that each symbol is demangled once.
class symbol_names {
 public:
  const std::string& of(const char* symbol) {
    const auto [entry, is_new] = m_names.try_emplace(symbol);
    if (is_new) entry->second = in_quotes(base::demangle(symbol));
    return entry->second;
  }

 private:
  std::unordered_map<const char*, std::string> m_names;
};

/// Times in the format are microseconds; three decimals keep the nanoseconds.
std::string microseconds(std::uint64_t ns) { return fmt::format("{}.{:03}", ns / 1000, ns % 1000); }

std::string metadata(const char* kind, int node, std::size_t track, std::string_view name) {
  return fmt::format(R"({{"name":"{}","ph":"M","pid":{},"tid":{},"args":{{"name":{}}}}})", kind, node, track,
                     in_quotes(name));
}

}  // namespace

void trace_track::append(std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns) {
  if (m_size == m_bound) {
    ++m_dropped;
    return;
  }
  const auto [entry, is_new] =
      m_text_numbers.try_emplace(std::string(name), static_cast<std::uint32_t>(m_texts.size()));
  if (is_new) m_texts.emplace_back(name);
  push({nullptr, entry->second, begin_ns, end_ns});
}

void trace_track::append_symbol(const char* symbol, std::uint64_t begin_ns, std::uint64_t end_ns) {
  if (m_size == m_bound) {
    ++m_dropped;
    return;
  }
  push({symbol, 0, begin_ns, end_ns});
}

void trace_track::push(const event& e) {
  if (m_size % chunk_size == 0) m_chunks.push_back(std::make_unique<event[]>(chunk_size));
  m_chunks.back()[m_size % chunk_size] = e;
  ++m_size;
}

std::optional<std::string> trace::open(const std::string& path) {
  m_file.reset(std::fopen(path.c_str(), "we"));
  if (m_file == nullptr) return fmt::format("the file cannot be opened for writing: {}", std::strerror(errno));
  m_path = path;
  m_start_ns = base::now_ns();
  return std::nullopt;
}

trace_track& trace::add_track(std::string name, std::size_t bound) {
  return *m_tracks.emplace_back(std::make_unique<trace_track>(std::move(name), bound));
}

trace::summary trace::write() {
  summary result;
  if (m_file == nullptr) return result;
  std::FILE* const file = m_file.get();
  symbol_names symbols;
  bool is_written = true;
  const auto put = [&](std::string_view text) {
    is_written = is_written && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  };
  put("[\n");
  put(metadata("process_name", m_node, 0, fmt::format("node {}", m_node)));
  for (std::size_t t = 0; t < m_tracks.size(); ++t) {
    const trace_track& track = *m_tracks[t];
    put(",\n");
    put(metadata("thread_name", m_node, t, track.name()));
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < track.size(); ++i) {
      const trace_track::event& e = track.at(i);
      if (e.symbol == nullptr) {
        while (texts.size() <= e.text) texts.push_back(in_quotes(track.text(static_cast<std::uint32_t>(texts.size()))));
      }
      const std::uint64_t begin = std::max(e.begin_ns, m_start_ns);
      const std::uint64_t end = std::max(e.end_ns, begin);
      put(fmt::format(",\n{{\"name\":{},\"ph\":\"X\",\"ts\":{},\"dur\":{},\"pid\":{},\"tid\":{}}}",
                      e.symbol == nullptr ? texts[e.text] : symbols.of(e.symbol), microseconds(begin - m_start_ns),
                      microseconds(end - begin), m_node, t));
    }
    result.events += track.size();
    result.dropped += track.dropped();
  }
  put("\n]\n");
  // A full disk may show only when what is buffered is written.
  const bool is_closed = std::fclose(m_file.release()) == 0;
  if (!is_written || !is_closed) {
    result.problem = fmt::format("{} is not complete: {}", m_path, std::strerror(errno));
  }
  return result;
}

void trace::finish() {
  if (!is_open()) return;
  const summary result = write();
  if (result.problem) {
    base::log::line("trace: {}", *result.problem);
  } else if (result.dropped > 0) {
    base::log::line("trace: {} written to {}, {} later ones left out because the buffers were full",
                    base::count_of(result.events, "event"), m_path, result.dropped);
  } else {
    base::log::line("trace: {} written to {}; open it at ui.perfetto.dev", base::count_of(result.events, "event"),
                    m_path);
  }
}

}  // namespace torc::metrics

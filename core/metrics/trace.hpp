// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/cache_line.hpp"

namespace torc::metrics {

/// What happened on one thread, in a bounded amount of memory that grows as it is used.
/// One thread appends, without locks; others may look only after that thread has ended or handed it over.
class alignas(base::cache_line_bytes) trace_track {
 public:
  /// Keeps at most `bound` events, the first ones.
  trace_track(std::string name, std::size_t bound) : m_name(std::move(name)), m_bound(bound) {}

  /// Something that has a text of its own, such as a task named by its options. Times are those of base::now_ns().
  void append(std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns);

  /// Something named by a C++ symbol or type_info name, which must live as long as the program; shown demangled.
  void append_symbol(const char* symbol, std::uint64_t begin_ns, std::uint64_t end_ns);

  [[nodiscard]] const std::string& name() const noexcept { return m_name; }
  [[nodiscard]] std::size_t size() const noexcept { return m_size; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return m_dropped; }

  struct event {
    const char* symbol;  // null: then text counts
    std::uint32_t text;
    std::uint64_t begin_ns;
    std::uint64_t end_ns;
  };
  [[nodiscard]] const event& at(std::size_t i) const noexcept { return m_chunks[i / chunk_size][i % chunk_size]; }
  [[nodiscard]] const std::string& text(std::uint32_t i) const noexcept { return m_texts[i]; }

 private:
  static constexpr std::size_t chunk_size = 4096;

  void push(const event& e);

  std::string m_name;
  std::size_t m_bound;
  std::size_t m_size = 0;
  std::uint64_t m_dropped = 0;
  std::vector<std::unique_ptr<event[]>> m_chunks;  // chunks rather than one array: growing must not copy megabytes
  std::vector<std::string> m_texts;
  std::unordered_map<std::string, std::uint32_t> m_text_numbers;
};

/// A trace of one node in the JSON array form of Chrome's trace events, which Perfetto and chrome://tracing show.
/// The file is opened when the session starts, so that a wrong path is known before the work is done, and written when
/// it ends.
class trace {
 public:
  /// 2^20 events of 32 bytes.
  static constexpr std::size_t default_bound = std::size_t{1} << 20;

  explicit trace(int node = 0) : m_start_ns(0), m_node(node) {}

  /// Creates the file, or says why it cannot be written.
  [[nodiscard]] std::optional<std::string> open(const std::string& path);

  [[nodiscard]] bool is_open() const noexcept { return m_file != nullptr; }

  /// A row of the picture, in the order of the calls. The reference is valid as long as the trace.
  trace_track& add_track(std::string name, std::size_t bound = default_bound);

  /// What became of a trace.
  struct summary {
    std::uint64_t events = 0;
    std::uint64_t dropped = 0;
    std::optional<std::string> problem;  ///< why the file is not complete
  };

  /// Writes and closes the file. Nothing may append any more.
  summary write();

  /// write(), and a line on standard error that says what was written, and what was left out.
  void finish();

 private:
  struct close_file {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };

  std::string m_path;
  std::unique_ptr<std::FILE, close_file> m_file;
  std::vector<std::unique_ptr<trace_track>> m_tracks;
  std::uint64_t m_start_ns;
  int m_node;
};

}  // namespace torc::metrics

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/storm/program.hpp"

/// What tasks of random programs take and return, and throw.
namespace storm {

/// Says whose body this is. Every task takes one; those that live tell of records that nobody has freed.
class ticket {
 public:
  explicit ticket(task_index task = no_task) noexcept : m_task(task) { ++s_alive; }
  ticket(const ticket& other) noexcept : m_task(other.m_task) { ++s_alive; }
  ticket& operator=(const ticket&) noexcept = default;
  ~ticket() { --s_alive; }

  task_index task() const noexcept { return m_task; }
  static std::int64_t num_alive() noexcept { return s_alive.load(); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(m_task);
  }

 private:
  task_index m_task;
  inline static std::atomic<std::int64_t> s_alive{0};
};

using words = std::vector<std::uint64_t>;
using moved = std::unique_ptr<std::uint64_t>;

inline words words_of(std::uint64_t value, std::uint32_t size) {
  words made(size);
  for (std::uint32_t i = 0; i < size; ++i) made[i] = value + i;
  return made;
}

/// The failure that a body is meant to throw; it arrives from other nodes as a std::runtime_error of the same text.
inline std::string failure_text(task_index task) { return "as planned of task " + std::to_string(task); }

/// No std::exception, and unknown to other nodes.
struct strange_failure {
  task_index task;
};

/// What goes wrong on the way of a value.
struct trouble_on_the_way : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Submits a task and waits for it; throws what torc says of that.
void ask_for_help();
/// Submits a task, as far away as can be, and cancels it; likewise.
void refuse_help();

/// A value that may fail to be copied, to be written or to be read.
class fragile {
 public:
  fragile() = default;
  fragile(std::uint64_t value, trouble with) : m_value(value), m_trouble(with) {}
  fragile(const fragile& other) : m_value(other.m_value), m_trouble(other.m_trouble) {
    if (m_trouble == trouble::copy_throws) throw trouble_on_the_way("the copy throws");
  }
  fragile(fragile&&) noexcept = default;
  fragile& operator=(const fragile&) = default;
  fragile& operator=(fragile&&) noexcept = default;
  ~fragile() {
    if (m_trouble == trouble::dies_slowly) std::this_thread::sleep_for(std::chrono::microseconds(500));
  }

  std::uint64_t value() const noexcept { return m_value; }

  template <class Archive>
  void save(Archive& archive) const {
    if (m_trouble == trouble::save_throws) throw trouble_on_the_way("the save throws");
    if (m_trouble == trouble::save_is_slow) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    archive(static_cast<std::uint8_t>(m_trouble), m_value);
    if (m_trouble == trouble::load_forgets) archive(~m_value);
  }
  template <class Archive>
  void load(Archive& archive) {
    std::uint8_t with = 0;
    archive(with, m_value);
    m_trouble = static_cast<trouble>(with);
    if (m_trouble == trouble::load_throws) throw trouble_on_the_way("the load throws");
    if (m_trouble == trouble::load_is_slow) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (m_trouble == trouble::load_waits) ask_for_help();
  }

 private:
  std::uint64_t m_value = 0;
  trouble m_trouble = trouble::none;
};

}  // namespace storm

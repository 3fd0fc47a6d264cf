// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/metrics/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <typeinfo>

#include "core/base/clock.hpp"
#include "unit_tests/metrics/json.hpp"

namespace {

using testing::HasSubstr;
using torc::metrics::trace;
using torc::metrics::trace_track;
using torc::test::json;
using torc::test::json_reader;

struct likelihood {};

/// The path of a file that is removed at the end.
class scratch_file {
 public:
  scratch_file()
      : m_path(std::filesystem::temp_directory_path() /
               ("torc_trace_test_" + std::to_string(::getpid()) + "_" +
                testing::UnitTest::GetInstance()->current_test_info()->name() + ".json")) {}
  ~scratch_file() {
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
  }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;

  [[nodiscard]] std::string path() const { return m_path.string(); }
  [[nodiscard]] std::string text() const {
    std::ifstream file(m_path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path m_path;
};

/// The complete ("X") events.
std::vector<json> events_of(const json& all) {
  std::vector<json> events;
  for (const json& e : all.items) {
    if (e["ph"].text == "X") events.push_back(e);
  }
  return events;
}

TEST(trace, is_a_json_array_of_complete_events_in_microseconds) {
  const scratch_file file;
  trace t(3);
  ASSERT_EQ(t.open(file.path()), std::nullopt);
  t.add_track("worker 0");
  trace_track& track = t.add_track("worker 1");
  const std::uint64_t start = torc::base::now_ns();
  track.append_symbol(typeid(likelihood).name(), start + 1'000'000, start + 1'002'345);
  track.append("stage", start + 1'000'000, start + 2'000'000);
  const trace::summary done = t.write();
  EXPECT_EQ(done.events, 2U);
  EXPECT_EQ(done.dropped, 0U);
  EXPECT_EQ(done.problem, std::nullopt);

  const std::vector<json> events = events_of(json_reader::read(file.text()));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0]["name"].text, "(anonymous namespace)::likelihood");
  EXPECT_DOUBLE_EQ(events[0]["dur"].number, 2.345);
  EXPECT_GE(events[0]["ts"].number, 1'000);
  EXPECT_EQ(events[0]["pid"].number, 3);
  EXPECT_EQ(events[0]["tid"].number, 1);
  EXPECT_EQ(events[1]["name"].text, "stage");
  EXPECT_DOUBLE_EQ(events[1]["dur"].number, 1'000);
  EXPECT_DOUBLE_EQ(events[1]["ts"].number, events[0]["ts"].number);
}

TEST(trace, names_the_node_and_its_workers) {
  const scratch_file file;
  trace t(2);
  ASSERT_EQ(t.open(file.path()), std::nullopt);
  t.add_track("worker 0");
  t.add_track("primary");
  t.write();
  const json all = json_reader::read(file.text());
  ASSERT_EQ(all.items.size(), 3U);
  EXPECT_EQ(all.items[0]["name"].text, "process_name");
  EXPECT_EQ(all.items[0]["args"]["name"].text, "node 2");
  EXPECT_EQ(all.items[1]["args"]["name"].text, "worker 0");
  EXPECT_EQ(all.items[2]["args"]["name"].text, "primary");
  EXPECT_EQ(all.items[2]["tid"].number, 1);
}

TEST(trace, is_valid_json_whatever_tasks_are_called) {
  const scratch_file file;
  trace t;
  ASSERT_EQ(t.open(file.path()), std::nullopt);
  trace_track& track = t.add_track("a \"quoted\" worker");
  const std::vector<std::string> names{"", "\"", "\\", "a\nb\t", std::string("\x01\x1f"), "größe", "}]"};
  for (const std::string& name : names) track.append(name, 0, 1);
  t.write();
  const std::vector<json> events = events_of(json_reader::read(file.text()));
  ASSERT_EQ(events.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(events[i]["name"].text, names[i]);
}

TEST(trace, without_events_is_valid_too) {
  const scratch_file file;
  trace t;
  ASSERT_EQ(t.open(file.path()), std::nullopt);
  EXPECT_EQ(t.write().events, 0U);
  EXPECT_TRUE(events_of(json_reader::read(file.text())).empty());
}

TEST(trace, keeps_many_events_of_repeated_names_in_order) {
  const scratch_file file;
  trace t;
  ASSERT_EQ(t.open(file.path()), std::nullopt);
  trace_track& track = t.add_track("worker 0");
  const std::uint64_t start = torc::base::now_ns();
  constexpr std::uint64_t n = 20'000;
  for (std::uint64_t i = 0; i < n; ++i) track.append(i % 2 == 0 ? "even" : "odd", start + i * 1000, start + i * 1000);
  EXPECT_EQ(t.write().events, n);
  const std::vector<json> events = events_of(json_reader::read(file.text()));
  ASSERT_EQ(events.size(), n);
  for (std::size_t i = 1; i < n; ++i) {
    ASSERT_EQ(events[i]["name"].text, i % 2 == 0 ? "even" : "odd");
    ASSERT_GT(events[i]["ts"].number, events[i - 1]["ts"].number);
  }
}

TEST(trace, counts_what_exceeds_the_bound_of_a_track) {
  const scratch_file file;
  trace t;
  ASSERT_EQ(t.open(file.path()), std::nullopt);
  trace_track& track = t.add_track("worker 0", 2);
  for (int i = 0; i < 4; ++i) track.append("task", 0, 1);
  track.append_symbol("main", 0, 1);
  testing::internal::CaptureStderr();
  t.finish();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "TORC: trace: 2 events written to " + file.path() +
                                                        ", 3 later ones left out because the buffers were full\n");
  EXPECT_EQ(events_of(json_reader::read(file.text())).size(), 2U);
}

TEST(trace, says_what_was_written) {
  const scratch_file file;
  trace t;
  ASSERT_EQ(t.open(file.path()), std::nullopt);
  t.add_track("worker 0").append("task", 0, 1);
  testing::internal::CaptureStderr();
  t.finish();
  t.finish();
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "TORC: trace: 1 event written to " + file.path() + "; open it at ui.perfetto.dev\n");
}

TEST(trace, refuses_a_file_that_cannot_be_created_before_anything_runs) {
  trace t;
  const std::optional<std::string> problem = t.open("/nonexistent folder/trace.json");
  ASSERT_TRUE(problem.has_value());
  EXPECT_THAT(*problem, HasSubstr("No such file or directory"));
  EXPECT_FALSE(t.is_open());
  EXPECT_EQ(t.write().events, 0U);
}

TEST(trace, says_when_the_disk_is_full) {
  trace t;
  ASSERT_EQ(t.open("/dev/full"), std::nullopt);
  t.add_track("worker 0").append("task", 0, 1);
  const trace::summary done = t.write();
  ASSERT_TRUE(done.problem.has_value());
  EXPECT_THAT(*done.problem, HasSubstr("/dev/full is not complete: No space left on device"));
}

}  // namespace

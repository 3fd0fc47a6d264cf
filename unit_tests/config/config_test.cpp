// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/config/config.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <torc/error.hpp>
#include <utility>
#include <vector>

#include "core/config/variables.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;
using torc::options;
using torc::config::environment;
using torc::config::help_request;
using torc::config::requested_help;
using torc::config::resolve;
using torc::config::variable;
using torc::config::variables;
using namespace std::chrono_literals;

/// The message with which a configuration is refused.
std::string refusal(const environment& settings, const options& given = {}) {
  try {
    resolve(given, settings);
  } catch (const torc::config_error& e) {
    return e.what();
  }
  return "it is not refused";
}

TEST(config, without_variables_keeps_what_the_program_gave) {
  options given;
  given.workers = 3;
  given.trace = "file.json";
  given.placement = torc::placement_policy::local;
  EXPECT_EQ(resolve(given, {}), given);
  EXPECT_EQ(resolve({}, {}), options{});
}

TEST(config, the_environment_wins_over_the_program) {
  options given;
  given.workers = 3;
  given.seed = 5;
  const options chosen = resolve(given, {{"TORC_WORKERS", "7"}});
  EXPECT_EQ(chosen.workers, 7);
  EXPECT_EQ(chosen.seed, 5U);
}

TEST(config, a_stall_is_off_or_a_time_that_may_end_the_job) {
  EXPECT_EQ(resolve({}, {}).stall.after, 0s);
  EXPECT_EQ(resolve({.stall = {.after = 5s}}, {{"TORC_STALL", "off"}}).stall, torc::stall_limit{});
  EXPECT_EQ(resolve({}, {{"TORC_STALL", "0.5"}}).stall, (torc::stall_limit{.after = 500ms}));
  for (const char* wrong : {"", "0", "-1", "abort", "60,", "60,stop", "60,abort,abort", ",abort", "2e6"})
    EXPECT_THAT(refusal({{"TORC_STALL", wrong}}), HasSubstr("TORC_STALL=" + std::string(wrong))) << wrong;
  EXPECT_THAT(refusal({}, {.stall = {.after = -1s}}), HasSubstr("stall"));
}

TEST(config, a_wrong_member_does_not_matter_if_the_environment_overrules_it) {
  options given;
  given.workers = 0;
  EXPECT_EQ(resolve(given, {{"TORC_WORKERS", "2"}}).workers, 2);
}

TEST(config, each_variable_sets_its_member) {
  const options chosen = resolve({}, {{"TORC_WORKERS", "AUTO"},
                                      {"TORC_STEALING", "True"},
                                      {"TORC_SERVER_YIELDTIME", "0.5"},
                                      {"TORC_WORKER_YIELDTIME", "2e-3"},
                                      {"TORC_PLACEMENT", "Cyclic"},
                                      {"TORC_PRIMARY", "thread"},
                                      {"TORC_STACK_SIZE", "256KiB"},
                                      {"TORC_SEED", "18446744073709551615"},
                                      {"TORC_BIND", "on"},
                                      {"TORC_STALL", "60,ABORT"},
                                      {"TORC_STATS", "2"},
                                      {"TORC_TRACE", "a b.json"},
                                      {"TORC_PROGRESS", "0"},
                                      {"TORC_VERBOSE", "1"}});
  options expected;
  expected.workers = options::auto_workers;
  expected.stealing = true;
  expected.server_yieldtime = 500ms;
  expected.worker_yieldtime = std::chrono::duration<double>(2e-3);
  expected.placement = torc::placement_policy::cyclic;
  expected.primary = torc::primary_place::thread;
  expected.stack_size_bytes = 256 << 10;
  expected.seed = ~std::uint64_t{0};
  expected.bind = torc::toggle::on;
  expected.stall = {.after = 60s, .is_to_abort = true};
  expected.stats = 2;
  expected.trace = "a b.json";
  expected.progress = torc::toggle::off;
  expected.verbose = true;
  EXPECT_EQ(chosen, expected);
}

TEST(config, malformed_values_and_those_out_of_range_are_refused) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> wrong{
      {"TORC_WORKERS", {"", "0", "-1", "4097", "2x", "two", "1.5", " 2", "99999999999999999999", "automatic"}},
      {"TORC_STEALING", {"", "maybe", "2"}},
      {"TORC_SERVER_YIELDTIME", {"", "0", "-1", "61", "1ms", "nan", "inf"}},
      {"TORC_WORKER_YIELDTIME", {"", "0", "-1", "61", "1ms", "nan", "inf"}},
      {"TORC_PLACEMENT", {"", "on", "cyclical", "1"}},
      {"TORC_PRIMARY", {"", "automatic", "threads"}},
      {"TORC_STACK_SIZE", {"", "0", "63K", "2G", "1MM", "-1"}},
      {"TORC_SEED", {"", "-1", "1e3", "18446744073709551616"}},
      {"TORC_BIND", {"", "maybe", "2"}},
      {"TORC_STATS", {"", "-1", "3", "true"}},
      {"TORC_PROGRESS", {"", "maybe"}},
      {"TORC_VERBOSE", {"", "2", "much"}},
      {"TORC_HELP", {"", "2", "md"}},
  };
  for (const auto& [name, values] : wrong) {
    for (const std::string& value : values) {
      EXPECT_THAT(refusal({{name, value}}),
                  testing::StartsWith(fmt::format("{}={} is refused: allowed is ", name, value)));
    }
  }
}

TEST(config, a_refusal_names_variable_value_and_what_is_allowed) {
  EXPECT_EQ(refusal({{"TORC_WORKERS", "0"}}),
            "TORC_WORKERS=0 is refused: allowed is a whole number from 1 to 4096, or auto");
}

TEST(config, a_refusal_is_one_line_of_bounded_length) {
  const std::string text = refusal({{"TORC_WORKERS", "1\n2\x1b[0m" + std::string(5000, 'x')}});
  EXPECT_EQ(text.find_first_of("\n\x1b"), std::string::npos);
  EXPECT_LT(text.size(), 200U);
}

TEST(config, what_the_program_gave_is_checked_in_the_same_way) {
  EXPECT_THAT(refusal({}, {.workers = 0}), AllOf(HasSubstr("torc::options::workers = 0 is refused"),
                                                 HasSubstr("1 to 4096"), HasSubstr("TORC_WORKERS")));
  EXPECT_THAT(refusal({}, {.workers = -2}), HasSubstr("workers = -2"));
  EXPECT_THAT(refusal({}, {.server_yieldtime = -1s}), HasSubstr("server_yieldtime = -1 is refused"));
  EXPECT_THAT(refusal({}, {.worker_yieldtime = 100s}), HasSubstr("worker_yieldtime = 100 is refused"));
  EXPECT_THAT(refusal({}, {.placement = static_cast<torc::placement_policy>(9)}),
              HasSubstr("placement = enumerator 9"));
  EXPECT_THAT(refusal({}, {.primary = static_cast<torc::primary_place>(3)}), HasSubstr("primary = enumerator 3"));
  EXPECT_THAT(refusal({}, {.stack_size_bytes = 4096}), HasSubstr("stack_size_bytes = 4 KiB is refused"));
  EXPECT_THAT(refusal({}, {.bind = static_cast<torc::toggle>(-1)}), HasSubstr("bind = enumerator -1"));
  EXPECT_THAT(refusal({}, {.stats = 3}), HasSubstr("stats = 3 is refused"));
}

TEST(config, an_unknown_name_within_two_letters_of_a_known_one_is_refused) {
  EXPECT_EQ(refusal({{"TORC_WORKER", "2"}}),
            "unknown variable TORC_WORKER=2: did you mean TORC_WORKERS? Correct its name or unset it");
  EXPECT_THAT(refusal({{"TORC_WROKERS", "2"}}), HasSubstr("did you mean TORC_WORKERS?"));
  EXPECT_THAT(refusal({{"TORC_STAT", "2"}}), HasSubstr("did you mean TORC_STATS?"));
  EXPECT_THAT(refusal({{"TORC_SEEDED", "2"}}), HasSubstr("did you mean TORC_SEED?"));
  EXPECT_THAT(refusal({{"TORC_SERVER_YELDTIME", "2"}}), HasSubstr("did you mean TORC_SERVER_YIELDTIME?"));
  EXPECT_THAT(refusal({{"TORC_STACKSIZE", "2"}}), HasSubstr("did you mean TORC_STACK_SIZE?"));
}

TEST(config, other_unknown_names_are_left_alone) {
  EXPECT_EQ(resolve({}, {{"TORC_ROOT", "/opt/torc"},
                         {"TORC_HOME", "/opt/torc"},
                         {"TORC_INSTALL_DIR", "/opt/torc"},
                         {"TORC_", ""},
                         {"PATH", "/bin"},
                         {"XTORC_WORKERS", "no"}}),
            options{});
}

TEST(config, of_a_variable_set_twice_the_first_counts) {
  EXPECT_EQ(resolve({}, {{"TORC_WORKERS", "2"}, {"TORC_WORKERS", "3"}}).workers, 2);
}

TEST(config, reads_the_process_s_environment) {
  ASSERT_EQ(::setenv("TORC_TEST_OF_CONFIG", "a=b", 1), 0);
  ASSERT_EQ(::setenv("NOT_TORC_TEST_OF_CONFIG", "1", 1), 0);
  std::string value = "not found";
  for (const torc::config::setting& s : torc::config::process_environment()) {
    EXPECT_TRUE(s.name.starts_with("TORC_")) << s.name;
    if (s.name == "TORC_TEST_OF_CONFIG") value = s.value;
  }
  EXPECT_EQ(value, "a=b");
  ::unsetenv("TORC_TEST_OF_CONFIG");
  ::unsetenv("NOT_TORC_TEST_OF_CONFIG");
}

TEST(config, defaults_in_the_table_are_those_of_options) {
  for (const variable& v : variables()) {
    if (v.show(options{}) == "unset") continue;
    options changed;
    EXPECT_TRUE(v.parse(v.show(options{}), changed)) << v.name;
    EXPECT_EQ(changed, options{}) << v.name;
    EXPECT_TRUE(v.is_allowed(options{})) << v.name;
  }
}

TEST(config, help_is_asked_for_by_one_or_markdown) {
  EXPECT_EQ(requested_help({}), help_request::none);
  EXPECT_EQ(requested_help({{"TORC_HELP", "0"}}), help_request::none);
  EXPECT_EQ(requested_help({{"TORC_HELP", "1"}}), help_request::terminal);
  EXPECT_EQ(requested_help({{"TORC_HELP", "TRUE"}}), help_request::terminal);
  EXPECT_EQ(requested_help({{"TORC_HELP", "markdown"}}), help_request::markdown);
  EXPECT_THROW(requested_help({{"TORC_HELP", "me"}}), torc::config_error);
}

TEST(config, help_is_given_whatever_else_is_wrong) {
  EXPECT_EQ(requested_help({{"TORC_WORKERS", "x"}, {"TORC_HELP", "1"}}), help_request::terminal);
}

TEST(config, help_names_every_variable_with_default_and_range_in_80_columns) {
  const std::string text = torc::config::help();
  for (const variable& v : variables()) {
    EXPECT_THAT(text, HasSubstr("\n  " + std::string(v.name) + " "));
    EXPECT_THAT(text, HasSubstr("default " + v.show(options{})));
  }
  EXPECT_EQ(text.back(), '\n');
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
    EXPECT_LE(end - begin, 80U) << text.substr(begin, end - begin);
    EXPECT_TRUE(end == begin || text[end - 1] != ' ') << text.substr(begin, end - begin);
  }
}

TEST(config, the_markdown_table_has_a_row_of_five_cells_for_every_variable) {
  const std::string text = torc::config::variables_markdown();
  std::size_t rows = 0;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
    const std::string row = text.substr(begin, end - begin);
    EXPECT_EQ(std::count(row.begin(), row.end(), '|'), 6) << row;
    ++rows;
  }
  EXPECT_EQ(rows, variables().size() + 2);
  EXPECT_THAT(text, HasSubstr("| `TORC_STACK_SIZE` | size (bytes) | 1 MiB | "));
}

}  // namespace

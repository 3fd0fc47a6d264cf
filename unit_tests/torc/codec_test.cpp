// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/codec.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <complex>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/task/identity.hpp"
#include "unit_tests/torc/crossing.hpp"
#include "unit_tests/torc/in_session.hpp"

/// Tasks that are written, run from their bytes, and get their result back as bytes: all that another node does.
namespace {

using testing::HasSubstr;
using tests::called;
using tests::codec_of;
using tests::cross;
using tests::encoded;
using tests::home;
using tests::message_of;
using tests::result_of_crossing;
using tests::travelling;
using torc::detail::record;

double square(double x) { return x * x; }
std::string joined(const std::string& a, int b) { return a + std::to_string(b); }

struct scaled {
  double factor = 1;
  double operator()(double x) const { return factor * x; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(factor);
  }
};

/// Made by cereal, because it has no default constructor.
struct constructed {
  explicit constructed(std::string t) : text(std::move(t)) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(text);
  }
  template <class Archive>
  static void load_and_construct(Archive& archive, cereal::construct<constructed>& construct) {
    std::string t;
    archive(t);
    construct(t);
  }
  std::string text;
};

/// Can be neither copied nor moved.
struct fixed {
  fixed() = default;
  explicit fixed(int v) : value(v) {}
  fixed(const fixed&) = delete;
  fixed& operator=(const fixed&) = delete;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(value);
  }
  int value = 0;
};

struct fixed_bits {
  explicit fixed_bits(int v) : value(v) {}
  int value;
};

/// Writing or reading it fails when it is told to.
struct fragile {
  bool fails_to_write = false;
  bool fails_to_read = false;
  template <class Archive>
  void save(Archive& archive) const {
    archive(fails_to_read);
    if (fails_to_write) throw std::domain_error("not written");
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(fails_to_read);
    if (fails_to_read) throw 7;
  }
};

}  // namespace

template <>
inline constexpr bool torc::is_bitwise<fixed_bits> = true;

namespace {

TEST(codec, function_pointers_lambdas_and_function_objects_cross) {
  EXPECT_EQ(result_of_crossing(&square, 3.0), 9.0);
  EXPECT_EQ(result_of_crossing(&joined, std::string("a"), 5), "a5");
  EXPECT_EQ(result_of_crossing([](int x) { return 2 * x; }, 5), 10);
  EXPECT_EQ(result_of_crossing([&](int x) { return 3 * x; }, 5), 15);
  EXPECT_EQ(result_of_crossing([](auto x) { return x + x; }, std::string("ab")), "abab");
  EXPECT_EQ(result_of_crossing(scaled{3}, 4.0), 12.0);
}

TEST(codec, results_of_all_kinds_come_back) {
  static int calls;
  calls = 0;
  result_of_crossing([] { ++calls; });
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(result_of_crossing([] { return true; }));
  EXPECT_EQ(result_of_crossing([]() -> const std::string { return "x"; }), "x");
  EXPECT_EQ(result_of_crossing([] { return std::vector<std::complex<double>>{{1, 2}, {3, 4}}; })[1].imag(), 4);
  EXPECT_EQ(*result_of_crossing([] { return std::make_unique<int>(8); }), 8);
  EXPECT_EQ(result_of_crossing([] { return constructed("made"); }).text, "made");
  EXPECT_EQ(result_of_crossing([] { return fixed_bits(6); }).value, 6);
  home<travelling<fixed (*)()>> task(+[] { return fixed(9); });
  cross(task);
  EXPECT_EQ(task->result.value.value, 9);
}

TEST(codec, arguments_of_all_kinds_cross) {
  enum class colour { red, green };
  EXPECT_EQ(result_of_crossing(
                [](const std::map<std::string, std::vector<double>>& m, std::optional<int> o, std::pair<int, colour> p,
                   std::shared_ptr<const int> s, const std::variant<int, std::string>& v) {
                  return static_cast<double>(m.at("a").size()) + *o + p.first + *s + std::get<int>(v);
                },
                std::map<std::string, std::vector<double>>{{"a", {1, 2}}}, std::optional(3),
                std::pair(4, colour::green), std::make_shared<const int>(6), std::variant<int, std::string>(5)),
            20);
  EXPECT_EQ(result_of_crossing([](const constructed& a, int, const constructed& c) { return a.text + c.text; },
                               constructed("x"), 1, constructed("y")),
            "xy");
  EXPECT_EQ(result_of_crossing([](const std::tuple<>&, std::monostate) { return 1; }, std::tuple<>(), std::monostate()),
            1);
}

TEST(codec, arguments_and_results_may_be_larger_than_a_stack) {
  using large = std::array<double, 300'000>;
  const auto task = std::make_unique<home<travelling<large (*)(const large&), large>>>(
      +[](const large& a) -> large { return a; }, large{1, 2});
  tests::decode(**task, called(codec_of(**task), encoded(**task)));
  EXPECT_EQ((*task)->result.value[1], 2);
}

TEST(codec, the_body_gets_what_it_gets_at_home) {
  // A copy, const access, or what cannot be copied itself.
  EXPECT_EQ(result_of_crossing([](std::vector<int> v) { return v.emplace_back(4), v.size(); }, std::vector{1}), 2U);
  EXPECT_EQ(
      result_of_crossing([](std::vector<int>&& v) { return std::vector<int>(std::move(v)).size(); }, std::vector{1}),
      1U);
  EXPECT_EQ(*result_of_crossing([](std::unique_ptr<int> p) { return ++*p, std::move(p); }, std::make_unique<int>(1)),
            2);
  EXPECT_EQ(result_of_crossing([](const std::unique_ptr<int>& p) { return *p; }, std::make_unique<int>(3)), 3);
  EXPECT_TRUE(result_of_crossing([](auto& x) { return std::is_const_v<std::remove_reference_t<decltype(x)>>; }, 1));
}

TEST(codec, home_keeps_what_was_submitted) {
  home<travelling<std::size_t (*)(std::vector<int>), std::vector<int>>> task(
      +[](std::vector<int> v) { return v.size(); }, std::vector{1, 2});
  cross(task);
  EXPECT_EQ(task->result.value, 2U);
  EXPECT_EQ(std::get<0>(task->arguments), (std::vector{1, 2}));
}

TEST(codec, leaves_nothing_behind) {
  using tests::counted;
  {
    home<travelling<counted (*)(const counted&), counted>> task(
        +[](const counted& c) { return counted(c.value + 1); }, counted(1));
    cross(task);
    EXPECT_EQ(task->result.value.value, 2);
    EXPECT_EQ(counted::alive(), 2);
  }
  EXPECT_EQ(counted::alive(), 0);
}

TEST(codec, what_the_body_throws_leaves_it_unchanged) {
  struct odd {
    int value;
  };
  home<travelling<void (*)(int), int>> task(
      +[](int x) { throw odd{x}; }, 5);
  try {
    called(codec_of(*task), encoded(*task));
    FAIL();
  } catch (const odd& o) {
    EXPECT_EQ(o.value, 5);
  }
  home<travelling<void (*)()>> misleading(+[] { throw torc::serialization_error("the body's own"); });
  EXPECT_EQ(message_of<torc::serialization_error>([&] { called(codec_of(*misleading), encoded(*misleading)); }),
            "the body's own");
}

TEST(codec, says_what_cannot_be_written_or_read) {
  home<travelling<void (*)(const fragile&), fragile>> unwritten(
      +[](const fragile&) {}, fragile{true, false});
  tests::bytes bytes(3);
  torc::detail::output_archive out(bytes);
  EXPECT_EQ(message_of<torc::serialization_error>([&] { codec_of(*unwritten).encode(*unwritten, out); }),
            "the arguments of a task cannot be written: not written");
  EXPECT_EQ(bytes.size(), 3U);

  home<travelling<void (*)(const fragile&), fragile>> unread(
      +[](const fragile&) {}, fragile{false, true});
  EXPECT_EQ(message_of<torc::serialization_error>([&] { called(codec_of(*unread), encoded(*unread)); }),
            "the arguments of a task cannot be read: an exception of type int");

  home<travelling<fragile (*)()>> gives(+[] { return fragile{true, false}; });
  const auto arguments = encoded(*gives);
  torc::detail::input_archive in(arguments);
  EXPECT_EQ(message_of<torc::serialization_error>([&] { codec_of(*gives).call(in, out); }),
            "the result of a task cannot be written: not written");
  EXPECT_EQ(bytes.size(), 3U);

  home<travelling<fragile (*)()>> returns(+[] { return fragile{false, true}; });
  EXPECT_EQ(message_of<torc::serialization_error>(
                [&] { tests::decode(*returns, called(codec_of(*returns), encoded(*returns))); }),
            "the result of a task cannot be read: an exception of type int");
  EXPECT_FALSE(returns->has_result);
}

/// Reads less than it writes, or more: a common slip when a member is added.
struct uneven {
  int written = 1;
  int read = 1;
  template <class Archive>
  void save(Archive& archive) const {
    archive(read);
    for (int i = 0; i < written; ++i) archive(7);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(read);
    for (int i = 0; i < read; ++i) archive(written);
  }
};

TEST(codec, a_load_that_does_not_fit_its_save_is_named) {
  const auto complaint_of = [](const uneven& argument) {
    home<travelling<void (*)(int, const uneven&, int), int, uneven, int>> task(
        +[](int, const uneven&, int) {}, 1, argument, 2);
    return message_of<torc::serialization_error>([&] { called(codec_of(*task), encoded(*task)); });
  };
  EXPECT_THAT(complaint_of({3, 1}),
              HasSubstr("the arguments of a task cannot be read: 8 bytes are left over of a value"));
  EXPECT_THAT(complaint_of({3, 1}), HasSubstr("uneven'"));
  EXPECT_THAT(complaint_of({1, 2}), HasSubstr("4 bytes are missing in a value of type"));
  EXPECT_THAT(complaint_of({1, 2}), HasSubstr("uneven'"));

  home<travelling<std::vector<uneven> (*)()>> returns(+[] { return std::vector<uneven>{{1, 1}, {2, 1}}; });
  const auto decode_it = [&] { tests::decode(*returns, called(codec_of(*returns), encoded(*returns))); };
  EXPECT_THAT(message_of<torc::serialization_error>(decode_it), HasSubstr("4 bytes are left over"));
  EXPECT_FALSE(returns->has_result);
}

TEST(codec, bytes_behind_the_last_value_are_refused) {
  home<travelling<double (*)(double), double>> task(&square, 3.0);
  auto arguments = encoded(*task);
  arguments.push_back(std::byte{0});
  EXPECT_THROW(called(codec_of(*task), arguments), torc::serialization_error);
  auto result = called(codec_of(*task), encoded(*task));
  result.push_back(std::byte{0});
  EXPECT_THROW(tests::decode(*task, result), torc::serialization_error);
  EXPECT_FALSE(task->has_result);
  home<travelling<void (*)()>> nothing(+[] {});
  EXPECT_THROW(tests::decode(*nothing, result), torc::serialization_error);
}

TEST(codec, a_function_that_is_not_here_is_named) {
  home<travelling<double (*)(double), double>> task(&square, 3.0);
  auto bytes = encoded(*task);
  ASSERT_EQ(bytes.size(), 24U);
  const auto call_it = [&] { called(codec_of(*task), bytes); };
  bytes[0] ^= std::byte{1};
  EXPECT_THAT(message_of<torc::identity_error>(call_it), HasSubstr("load that library on every node"));
  bytes[0] ^= std::byte{1};
  bytes[14] ^= std::byte{1};
  EXPECT_THAT(message_of<torc::identity_error>(call_it), HasSubstr("do not have the same library"));
  torc::detail::input_archive in(bytes);
  EXPECT_EQ(codec_of(*task).function(in), nullptr);
}

TEST(codec, a_function_of_no_module_cannot_be_sent) {
  home<travelling<double (*)(double), double>> task(static_cast<double (*)(double)>(nullptr), 3.0);
  EXPECT_THROW(encoded(*task), torc::identity_error);
}

TEST(codec, names_the_task_on_the_other_node) {
  home<travelling<double (*)(double), double>> task(&square, 3.0);
  const auto bytes = encoded(*task);
  torc::detail::input_archive in(bytes);
  EXPECT_EQ(codec_of(*task).function(in), reinterpret_cast<const void*>(&square));
  EXPECT_STREQ(codec_of(*task).type_name(), (travelling<double (*)(double), double>::type.type_name(*task)));
  home<travelling<scaled, double>> object(scaled{2}, 1.0);
  const auto of_object = encoded(*object);
  torc::detail::input_archive again(of_object);
  EXPECT_EQ(codec_of(*object).function(again), nullptr);
}

TEST(codec, is_found_by_its_identity) {
  home<travelling<double (*)(double), double>> task(&square, 3.0);
  const auto& codec = codec_of(*task);
  EXPECT_EQ(torc::task::resolve_codec(torc::task::identify(codec)), &codec);
}

template <class... Args, class F>
bool has_codec(const F&) {
  return travelling<F, Args...>::type.codec != nullptr;
}

TEST(codec, tasks_that_stay_at_home_have_none) {
  int captured = 1;
  EXPECT_FALSE(has_codec<int*>(torc::local([&captured](int* p) { return captured + *p; })));
  EXPECT_FALSE(has_codec<int>(torc::local([](int x) { return x; })));
  EXPECT_TRUE(has_codec<int>([](int x) { return x; }));
  using callback = torc::detail::home_task<int (*)()>;
  EXPECT_EQ(callback::type.codec, nullptr);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/submit.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <complex>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::counted;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;

double square(double x) { return x * x; }
int sum(int a, int b) noexcept { return a + b; }

struct scaled {
  double factor = 1;
  double operator()(double x) const { return factor * x; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(factor);
  }
};

/// Copying it throws when it is told to.
struct fragile {
  bool throws = false;
  fragile() = default;
  explicit fragile(bool t) : throws(t) {}
  fragile(const fragile& other) : throws(other.throws) {
    if (throws) throw std::domain_error("not copied");
  }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(throws);
  }
};

TEST(submit, the_example_of_the_first_page_gives_the_squares) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<double(double)>> futures;
    for (int i = 1; i <= 4; ++i) futures.push_back(torc::submit(square, i));
    torc::wait();
    for (int i = 1; i <= 4; ++i) {
      const auto& f = futures[static_cast<std::size_t>(i - 1)];
      EXPECT_EQ(f.input(), i);
      EXPECT_EQ(f.result(), i * i);
    }
  });
}

TEST(submit, function_pointers_lambdas_and_function_objects_are_tasks) {
  on_1_2_and_4_workers([] {
    EXPECT_EQ(torc::submit(sum, 1, 2).result(), 3);
    EXPECT_EQ(torc::submit(&sum, 3, 4).result(), 7);
    EXPECT_EQ(torc::submit([](int x) { return 2 * x; }, 5).result(), 10);
    EXPECT_EQ(torc::submit([](auto x) { return x + x; }, std::string("ab")).result(), "abab");
    EXPECT_EQ(torc::submit(scaled{3}, 4).result(), 12);
    int captured = 8;
    EXPECT_EQ(torc::submit(torc::local([&captured](int x) { return captured + x; }), 1).result(), 9);
  });
}

TEST(submit, options_may_be_an_object_of_any_kind) {
  on_workers(2, [] {
    torc::task_options changing{.worker = 1, .pinned = true};
    const torc::task_options constant{.worker = 1, .pinned = true};
    const auto where = [] { return torc::worker_id(); };
    EXPECT_EQ(torc::submit(changing, where).result(), 1);
    EXPECT_EQ(torc::submit(constant, where).result(), 1);
    EXPECT_EQ(torc::submit(torc::task_options{.worker = 1, .pinned = true, .name = "likelihood"}, where).result(), 1);
    EXPECT_EQ(torc::submit({.worker = 1, .pinned = true}, where).result(), 1);
    torc::executor ex;
    EXPECT_EQ(ex.submit(changing, where).result(), 1);
    EXPECT_EQ(ex.submit(torc::task_options{.worker = 1, .pinned = true}, where).result(), 1);
  });
}

/// Here and not where it is submitted, because nvcc writes decltype out, and a lambda's type in a function has no name.
constexpr auto same = [](const auto& x) { return x; };

TEST(submit, the_future_has_the_decayed_parameter_types) {
  const auto takes_text = [](const std::string& text, double x) { return text.size() + static_cast<std::size_t>(x); };
  on_workers_with_main(1, [&] {
    auto f = torc::submit(takes_text, "four", 3);
    static_assert(std::is_same_v<decltype(f), torc::future<std::size_t(std::string, double)>>);
    EXPECT_EQ(f.input(), std::make_tuple(std::string("four"), 3.0));
    EXPECT_EQ(f.result(), 7U);
    auto g = torc::submit(same, 7L);
    static_assert(std::is_same_v<decltype(g), torc::future<long(long)>>);
    EXPECT_EQ(g.result(), 7L);
  });
}

TEST(submit, arguments_are_converted_when_they_are_submitted) {
  on_workers_with_main(1, [] {
    char text[] = "before";
    auto f = torc::submit([](const std::string& s) { return s; }, text);
    text[0] = 'X';
    EXPECT_EQ(f.result(), "before");
    auto g = torc::submit([](float x) { return x; }, 0.1);
    EXPECT_EQ(g.input(), 0.1F);
    EXPECT_EQ(g.result(), 0.1F);
  });
}

/// Made of a number only where one asks for it.
struct metres {
  metres() = default;
  explicit metres(double given) : value(given) {}
  double value = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(value);
  }
};

TEST(submit, arguments_are_converted_explicitly_too) {
  on_1_2_and_4_workers([] {
    const auto half = [](metres length) { return length.value / 2; };
    EXPECT_EQ(torc::submit(half, 5).result(), 2.5);
    EXPECT_EQ(torc::map(half, std::vector<double>{1, 2}), (std::vector<double>{0.5, 1}));
    const auto times = [](const metres& length, int factor) { return length.value * factor; };
    EXPECT_EQ(torc::map(times, torc::same(1.5), std::vector<int>{2, 4}), (std::vector<double>{3, 6}));
  });
}

TEST(submit, arguments_are_copied_when_they_are_submitted) {
  on_1_2_and_4_workers([] {
    std::vector<int> values{1, 2, 3};
    auto f = torc::submit([](const std::vector<int>& v) { return v.size(); }, values);
    values.clear();
    EXPECT_EQ(f.result(), 3U);
  });
}

TEST(submit, a_body_that_changes_its_arguments_changes_copies) {
  on_workers_with_main(1, [] {
    auto by_value = torc::submit([](std::vector<int> v) { return v.emplace_back(4), v.size(); }, std::vector<int>{1});
    auto by_rvalue = torc::submit([](std::vector<int>&& v) { return std::vector<int>(std::move(v)).size() + 1; },
                                  std::vector<int>{1});
    EXPECT_EQ(by_value.result(), 2U);
    EXPECT_EQ(by_rvalue.result(), 2U);
    EXPECT_EQ(by_value.input(), std::vector<int>{1});
    EXPECT_EQ(by_rvalue.input(), std::vector<int>{1});
  });
}

TEST(submit, what_cannot_be_copied_is_moved_in_and_out) {
  on_1_2_and_4_workers([] {
    auto f =
        torc::submit([](std::unique_ptr<int> p) { return std::make_unique<int>(*p + 1); }, std::make_unique<int>(41));
    EXPECT_EQ(*f.result(), 42);
    const std::unique_ptr<int> taken = std::move(f).result();
    EXPECT_EQ(*taken, 42);
    auto by_reference =
        torc::submit(torc::local([](std::unique_ptr<int>& p) { return ++*p; }), std::make_unique<int>(1));
    EXPECT_EQ(by_reference.result(), 2);
    auto const_access = torc::submit([](const std::unique_ptr<int>& p) { return *p; }, std::make_unique<int>(5));
    EXPECT_EQ(const_access.result(), 5);
  });
}

TEST(submit, an_argument_whose_copy_throws_leaves_nothing_behind) {
  on_workers_with_main(1, [] {
    const fragile bad(true);
    const auto before = torc::stats().created;
    EXPECT_THROW(torc::submit([](const fragile&) {}, bad), std::domain_error);
    EXPECT_THROW(torc::submit([](const counted&, const fragile&) {}, counted(1), bad), std::domain_error);
    EXPECT_EQ(counted::alive(), 0);
    EXPECT_EQ(torc::stats().created, before);
    torc::wait();
  });
}

TEST(submit, an_argument_whose_copy_throws_when_the_body_starts_fails_the_future) {
  on_workers_with_main(1, [] {
    auto f = torc::submit([](fragile) {}, fragile());
    EXPECT_NO_THROW(f.result());
    struct late {
      int copies_left = 1;
      late() = default;
      late(const late& other) : copies_left(other.copies_left - 1) {
        if (other.copies_left == 0) throw std::domain_error("not copied");
      }
    };
    const late argument;
    auto g = torc::submit(torc::local([](late) {}), argument);
    EXPECT_THROW(g.result(), std::domain_error);
  });
}

TEST(submit, a_result_whose_move_throws_fails_the_future) {
  struct sticky {
    sticky() = default;
    sticky(const sticky&) { throw std::length_error("not moved"); }
  };
  on_workers_with_main(1, [] {
    auto f = torc::submit(torc::local([]() -> sticky {
      sticky result;
      const sticky copy(result);
      return result;
    }));
    EXPECT_THROW(f.result(), std::length_error);
  });
}

TEST(submit, results_may_be_void_or_references_of_local_tasks) {
  on_1_2_and_4_workers([] {
    auto nothing = torc::submit([] {});
    static_assert(std::is_void_v<decltype(nothing.result())>);
    nothing.result();
    int value = 1;
    auto f = torc::submit(torc::local([&value]() -> int& { return value; }));
    static_assert(std::is_same_v<decltype(f.result()), int&>);
    f.result() = 5;
    EXPECT_EQ(value, 5);
    EXPECT_EQ(&std::move(f).result(), &value);
  });
}

const std::string const_text(int n) { return std::string(static_cast<std::size_t>(n), 'c'); }

TEST(submit, a_const_result_is_as_one_that_is_not) {
  on_1_2_and_4_workers([] {
    torc::future<std::string(int)> f = torc::submit(const_text, 3);
    EXPECT_EQ(f.result(), "ccc");
    EXPECT_EQ(torc::map(const_text, std::vector<int>{1, 2}), (std::vector<std::string>{"c", "cc"}));
    torc::future<std::string> more = f.then([](const std::string& s) -> const std::string { return s + "!"; });
    EXPECT_EQ(more.result(), "ccc!");
  });
}

TEST(submit, results_need_no_default_constructor_and_may_be_large) {
  struct wide {
    explicit wide(int v) { values.fill(v); }
    std::array<int, 5000> values;
  };
  on_1_2_and_4_workers([] {
    auto f = torc::submit(torc::local([](int v) { return wide(v); }), 7);
    EXPECT_EQ(f.result().values.back(), 7);
    struct alignas(64) aligned {
      double x;
    };
    auto g = torc::submit(torc::local([](aligned a) { return a; }), aligned{1.5});
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&g.result()) % 64, 0U);
    EXPECT_EQ(g.result().x, 1.5);
  });
}

TEST(submit, containers_and_vocabulary_types_travel) {
  enum class colour { red, green };
  on_workers(2, [] {
    auto f = torc::submit(
        [](const std::map<std::string, std::vector<double>>& m, std::optional<int> o, std::pair<int, colour> p,
           std::complex<double> c, std::shared_ptr<const int> s) {
          return static_cast<double>(m.at("a").size()) + *o + p.first + c.imag() + *s;
        },
        std::map<std::string, std::vector<double>>{{"a", {1, 2}}}, 3, std::pair(4, colour::green),
        std::complex<double>(0, 5), std::make_shared<const int>(6));
    EXPECT_EQ(f.result(), 20);
  });
}

TEST(submit, any_task_may_submit_and_wait_to_any_depth) {
  struct fibonacci {
    static long of(int n) {
      if (n < 2) return n;
      auto a = torc::submit(of, n - 1);
      auto b = torc::submit(of, n - 2);
      torc::wait();
      return a.result() + b.result();
    }
  };
  on_1_2_and_4_workers([] { EXPECT_EQ(torc::submit(fibonacci::of, 16).result(), 987); });
}

TEST(submit, dropped_futures_run_their_tasks_and_free_them_when_these_end) {
  static std::atomic<int> ran;
  ran = 0;
  on_1_2_and_4_workers([] {
    for (int i = 0; i < 1000; ++i) {
      torc::submit([](const counted& c) { return ++ran, c; }, counted(i));
    }
    torc::wait();
    EXPECT_EQ(counted::alive(), 0);
  });
  EXPECT_EQ(ran, 3000);
}

TEST(submit, a_held_future_keeps_result_and_arguments_until_it_is_dropped) {
  on_workers(2, [] {
    {
      auto f = torc::submit([](const counted& c) { return counted(c.value + 1); }, counted(1));
      f.result();
      torc::wait();
      EXPECT_EQ(counted::alive(), 2);
    }
    EXPECT_EQ(counted::alive(), 0);
  });
}

TEST(submit, a_million_tasks_run_in_one_scope) {
  static std::atomic<int> ran;
  constexpr int count = 1'000'000;
  for (const int workers : {1, 2}) {
    ran = 0;
    on_workers(workers, [] {
      for (int i = 0; i < count; ++i) torc::submit([] { ran.fetch_add(1, std::memory_order_relaxed); });
      torc::wait();
    });
    EXPECT_EQ(ran, count);
  }
}

TEST(submit, a_nested_task_may_have_a_million_children) {
  static std::atomic<int> ran;
  static constexpr int count = 1'000'000;
  for (const int workers : {1, 2}) {
    ran = 0;
    on_workers(workers, [] {
      torc::submit([] {
        for (int i = 0; i < count; ++i) torc::submit([] { ran.fetch_add(1, std::memory_order_relaxed); });
        torc::wait();
        EXPECT_EQ(ran, count);
      });
    });
  }
}

TEST(submit, other_threads_may_submit_and_get_results) {
  on_1_2_and_4_workers([] {
    std::vector<double> answers(3);
    std::atomic<std::size_t> answered{0};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      threads.emplace_back([&answers, &answered, i] {
        EXPECT_EQ(torc::worker_id(), -1);
        auto f = torc::submit(square, static_cast<double>(i));
        answers[i] = f.result();
        ++answered;
      });
    }
    // The primary task's thread is a worker: with one worker it must be free to run their tasks.
    while (answered < answers.size()) torc::submit([] {}).result();
    for (auto& t : threads) t.join();
    EXPECT_EQ(answers, (std::vector<double>{0, 1, 4}));
  });
}

TEST(submit, the_session_waits_for_what_other_threads_submitted) {
  static std::atomic<int> ran;
  ran = 0;
  on_1_2_and_4_workers([] {
    std::thread([] {
      for (int i = 0; i < 100; ++i) torc::submit([] { torc::submit([] { ++ran; }); });
    }).join();
  });
  EXPECT_EQ(ran, 300);
}

TEST(submit, outside_a_session_it_says_what_to_call_first) {
  const std::string message = message_of<torc::error>([] { torc::submit(square, 1.0); });
  EXPECT_NE(message.find("submit: no session is running"), std::string::npos) << message;
  EXPECT_NE(message.find("torc::start"), std::string::npos) << message;
}

}  // namespace

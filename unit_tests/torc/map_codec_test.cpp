// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/map_operation.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "unit_tests/torc/crossing.hpp"
#include "unit_tests/torc/in_session.hpp"

/// One task of a map, run from its bytes. In a session, because elements have their own places in the task tree.
namespace {

using tests::cross;
using tests::home;
using torc::detail::map_body;
using torc::detail::map_cell;
using torc::detail::map_elements;
using torc::detail::task_record;
using torc::detail::type_list;

struct built {
  explicit built(int v) : value(std::make_unique<int>(v)) {}
  template <class Archive>
  void save(Archive& archive) const {
    archive(*value);
  }
  template <class Archive>
  static void load_and_construct(Archive& archive, cereal::construct<built>& construct) {
    int v = 0;
    archive(v);
    construct(v);
  }
  std::unique_ptr<int> value;
};

template <class Cell, class F, class... A>
using body_of =
    map_body<F, typename torc::detail::call_traits<F, A...>::parameters, std::invoke_result_t<F&, A&&...>, Cell, A...>;
template <class Cell, class F, class... A>
using map_task =
    task_record<true, body_of<Cell, F, A...>, type_list<map_elements<A...>&>, std::vector<Cell>, map_elements<A...>>;

template <class F, class... A>
using cell_of = map_cell<std::invoke_result_t<F&, A&&...>>;

/// The Cells of f over the elements, called on another node.
template <class Cell, class F, class... A>
auto cells_of(F f, std::vector<std::tuple<A...>> elements) {
  home<map_task<Cell, F, A...>> task(body_of<Cell, F, A...>{f, 0}, map_elements<A...>(1, 7, std::move(elements)));
  cross(task);
  EXPECT_TRUE(task->has_result);
  EXPECT_EQ(std::get<0>(task->arguments).first, 7U);
  return std::move(task->result.value);
}

template <class... A, class F>
auto mapped(F f, std::vector<std::tuple<A...>> elements) {
  return cells_of<cell_of<F, A...>, F, A...>(f, std::move(elements));
}

TEST(map_codec, chunks_of_all_kinds_cross) {
  tests::on_workers_with_main(1, [] {
    EXPECT_EQ(mapped<int>(&tests::square, {{1}, {2}, {3}}), (std::vector{1, 4, 9}));
    EXPECT_EQ((mapped<std::string, int>([](const std::string& s, int i) { return s + std::to_string(i); },
                                        {{"a", 1}, {"b", 2}})),
              (std::vector<std::string>{"a1", "b2"}));
    EXPECT_EQ(mapped<int>([](int i) { return i % 2 == 0; }, {{1}, {2}}), (std::vector<char>{0, 1}));
    static int sum;
    sum = 0;
    mapped<int>([](int i) { sum += i; }, {{1}, {2}});
    EXPECT_EQ(sum, 3);
    const auto made = mapped<int>([](int i) { return built(i); }, {{1}, {2}});
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(*made[1]->value, 2);
    std::vector<std::tuple<std::unique_ptr<int>>> owners;
    owners.emplace_back(std::make_unique<int>(5));
    const auto moved = mapped<std::unique_ptr<int>>([](std::unique_ptr<int> p) { return p; }, std::move(owners));
    EXPECT_EQ(*moved.at(0), 5);
    std::vector<std::tuple<built>> without_default;
    without_default.emplace_back(built(6));
    EXPECT_EQ(mapped<built>([](const built& c) { return *c.value; }, std::move(without_default)), std::vector{6});
  });
}

TEST(map_codec, elements_draw_from_their_own_places_in_the_task_tree) {
  tests::on_workers_with_main(1, [] {
    const auto draw = [](int) { return torc::task_rng()(); };
    const auto there = mapped<int>(draw, {{0}, {0}});
    using function = std::decay_t<decltype(draw)>;
    home<map_task<std::uint64_t, function, int>> here(body_of<std::uint64_t, function, int>{draw, 0},
                                                      map_elements<int>(1, 7, {{0}, {0}}));
    (*here).run(*here);
    EXPECT_EQ(here->result.value, there);
    EXPECT_NE(there[0], there[1]);
  });
}

TEST(map_codec, throws_the_first_failure_in_input_order) {
  tests::on_workers_with_main(1, [] {
    const auto body = [](int i) -> int { throw std::runtime_error(std::to_string(i)); };
    using function = std::decay_t<decltype(body)>;
    home<map_task<int, function, int>> task(body_of<int, function, int>{body, 0}, map_elements<int>(1, 0, {{4}, {5}}));
    EXPECT_EQ(
        tests::message_of<std::runtime_error>([&] { tests::called(tests::codec_of(*task), tests::encoded(*task)); }),
        "4");
  });
}

TEST(map_codec, each_element_crosses_with_its_value_or_its_failure) {
  tests::on_workers(1, [] {
    const auto odd = [](int i) {
      if (i % 2 == 0) throw std::out_of_range(std::to_string(i));
      return std::string(static_cast<std::size_t>(i), 'x');
    };
    const auto texts = cells_of<torc::expected<std::string>>(odd, std::vector<std::tuple<int>>{{1}, {2}, {3}});
    ASSERT_EQ(texts.size(), 3U);
    EXPECT_EQ(*texts[0], "x");
    EXPECT_EQ(tests::message_of<std::out_of_range>([&] { texts[1].value(); }), "2");
    EXPECT_EQ(*texts[2], "xxx");
    const auto none = cells_of<torc::expected<void>>(
        [](int i) {
          if (i == 1) throw 7;
        },
        std::vector<std::tuple<int>>{{0}, {1}});
    ASSERT_EQ(none.size(), 2U);
    EXPECT_TRUE(none[0]);
    EXPECT_NE(tests::message_of<torc::task_error>([&] { none[1].value(); }).find("threw int"), std::string::npos);
    EXPECT_EQ(*cells_of<torc::expected<built>>([](int i) { return built(i); }, std::vector<std::tuple<int>>{{4}})
                   .at(0)
                   ->value,
              4);
  });
}

TEST(map_codec, maps_that_stay_at_home_take_what_cannot_be_written) {
  tests::on_workers(2, [] {
    int offset = 5;
    std::vector<int*> pointers(10, &offset);
    const auto results = torc::map(torc::local([&offset](const int* p) { return *p + offset; }), pointers);
    EXPECT_EQ(results, std::vector<int>(10, 10));
  });
}

}  // namespace

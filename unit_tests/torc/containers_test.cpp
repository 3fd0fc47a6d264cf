// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/containers.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "unit_tests/torc/round_trip.hpp"

/// The standard library's types, written and read.
namespace {

using tests::read;
using tests::round_trip;
using tests::written;
using namespace std::string_literals;

/// An element that can only be moved.
struct owner {
  owner() = default;
  explicit owner(int v) : value(std::make_unique<int>(v)) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(value);
  }
  std::unique_ptr<int> value;
  friend bool operator<(const owner& a, const owner& b) { return *a.value < *b.value; }
};

template <class T>
void expect_return(const T& value) {
  EXPECT_EQ(round_trip(value), value);
}

TEST(containers, strings_return_with_all_their_characters) {
  expect_return(""s);
  expect_return("a\0b\0"s);
  expect_return(std::string(100'00, 'x').substr(9'000));
  expect_return(L"wide \u20ac"s);
  expect_return(U"\U0001f600"s);
  EXPECT_TRUE(round_trip(u8"text"s) == u8"text"s);  // GoogleTest here cannot print it
}

TEST(containers, sequences_return) {
  expect_return(std::vector<int>{});
  expect_return(std::vector<bool>{});
  expect_return(std::vector<bool>{true, false, true, true, false, false, true, false, true});
  expect_return(std::vector<std::string>{"", "a", "b\0c"s});
  expect_return(std::vector<std::vector<std::vector<int>>>{{}, {{}, {1}}, {{2, 3}, {}}});
  expect_return(std::deque<double>{});
  expect_return(std::deque<std::string>{"x", ""});
  expect_return(std::list<int>{3, 1, 2});
  expect_return(std::list<std::list<int>>{{}, {1}});
  expect_return(std::forward_list<int>{});
  expect_return(std::forward_list<std::string>{"x", "y"});
  expect_return(std::array<int, 0>{});
  expect_return(std::array<std::string, 0>{});
  expect_return(std::array<std::string, 2>{"x", ""});
  expect_return(std::array<std::array<char, 2>, 2>{{{'a', 'b'}, {'c', '\0'}}});
}

TEST(containers, associative_containers_return) {
  expect_return(std::map<std::string, std::vector<double>>{});
  expect_return(std::map<std::string, std::vector<double>>{{"", {}}, {"a", {1, 2}}});
  expect_return(std::map<int, int, std::greater<>>{{1, 2}, {3, 4}});
  expect_return(std::multimap<int, std::string>{{1, "a"}, {1, "b"}, {0, ""}});
  expect_return(std::unordered_map<std::string, int>{{"x", 1}, {"", 2}});
  expect_return(std::unordered_multimap<int, int>{{1, 2}, {1, 3}});
  expect_return(std::set<std::string>{"b", "a", ""});
  expect_return(std::multiset<int>{1, 1, 0});
  expect_return(std::unordered_set<int>{});
  expect_return(std::unordered_set<std::string>{"x", "y"});
  expect_return(std::unordered_multiset<int>{5, 5, 6});
  expect_return(std::map<std::pair<int, int>, std::map<int, std::optional<int>>>{{{1, 2}, {{3, {}}, {4, 5}}}});
}

TEST(containers, adapters_return) {
  expect_return(std::stack<int>({1, 2, 3}));
  expect_return(std::stack<int, std::vector<int>>());
  expect_return(std::queue<std::string>({"a", "b"}));
  std::priority_queue<int, std::vector<int>, std::greater<>> heap;
  for (const int i : {5, 1, 4, 2}) heap.push(i);
  auto copy = round_trip(heap);
  for (const int expected : {1, 2, 4, 5}) {
    ASSERT_FALSE(copy.empty());
    EXPECT_EQ(copy.top(), expected);
    copy.pop();
  }
  EXPECT_TRUE(copy.empty());
}

TEST(containers, vocabulary_types_return) {
  expect_return(std::complex<double>(1, -2));
  expect_return(std::complex<float>(0, -0.0F));
  expect_return(std::optional<int>());
  expect_return(std::optional<std::string>("x"));
  expect_return(std::optional<std::optional<int>>(std::optional<int>()));
  expect_return(std::pair<int, std::string>(1, "x"));
  expect_return(std::tuple<>());
  expect_return(std::tuple<int, std::string, std::tuple<bool>>(1, "x", true));
  expect_return(std::monostate());
  expect_return(std::chrono::nanoseconds(-5));
  expect_return(std::chrono::duration<double>(0.25));
  expect_return(std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000)));
  expect_return(std::bitset<0>());
  expect_return(std::bitset<1>(1));
  expect_return(std::bitset<130>().set(0).set(64).set(129));
}

TEST(containers, variants_return_with_their_alternative) {
  using choice = std::variant<std::monostate, int, std::string, std::vector<double>, int>;
  expect_return(choice());
  expect_return(choice(std::in_place_index<1>, 7));
  expect_return(choice("text"));
  expect_return(choice(std::vector<double>{1}));
  const choice last(std::in_place_index<4>, 7);
  EXPECT_EQ(round_trip(last).index(), 4U);
  for (const std::int32_t index : {-1, 5, 1'000'000}) {
    EXPECT_ANY_THROW(read<choice>(written(index))) << index;
  }
}

TEST(containers, move_only_elements_return) {
  const auto alone = round_trip(std::make_unique<int>(3));
  EXPECT_EQ(*alone, 3);
  EXPECT_EQ(round_trip(std::unique_ptr<std::string>()), nullptr);
  std::vector<owner> owners;
  owners.emplace_back(1);
  owners.emplace_back();
  const auto copies = round_trip(owners);
  ASSERT_EQ(copies.size(), 2U);
  EXPECT_EQ(*copies[0].value, 1);
  EXPECT_EQ(copies[1].value, nullptr);
  std::map<int, std::unique_ptr<std::string>> by_key;
  by_key[4] = std::make_unique<std::string>("four");
  EXPECT_EQ(*round_trip(by_key).at(4), "four");
  std::set<owner> ordered;
  ordered.emplace(2);
  EXPECT_EQ(*round_trip(ordered).begin()->value, 2);
  std::list<owner> listed;
  listed.emplace_back(5);
  EXPECT_EQ(*round_trip(listed).front().value, 5);
  std::optional<owner> maybe(std::in_place, 6);
  EXPECT_EQ(*round_trip(maybe)->value, 6);
  std::variant<int, owner> either(std::in_place_index<1>, 8);
  EXPECT_EQ(*std::get<1>(round_trip(either)).value, 8);
  std::tuple<owner, int> both(owner(9), 10);
  EXPECT_EQ(*std::get<0>(round_trip(both)).value, 9);
}

TEST(containers, what_is_shared_is_sent_once_and_shared_again) {
  const auto big = std::make_shared<const std::vector<double>>(1000, 0.5);
  const std::vector<std::shared_ptr<const std::vector<double>>> all{big, nullptr, big};
  EXPECT_LT(written(all).size(), 9'000U);
  const auto copy = read<std::vector<std::shared_ptr<const std::vector<double>>>>(written(all));
  ASSERT_EQ(copy.size(), 3U);
  EXPECT_EQ(*copy[0], *big);
  EXPECT_EQ(copy[1], nullptr);
  EXPECT_EQ(copy[2], copy[0]);
  EXPECT_EQ(*round_trip(std::make_shared<const int>(5)), 5);
}

}  // namespace

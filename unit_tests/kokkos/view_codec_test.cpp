// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include <torc/detail/view_codec.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Kokkos_Core.hpp>
#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "backends/kokkos/environment.hpp"
#include "unit_tests/torc/crossing.hpp"
#include "unit_tests/torc/round_trip.hpp"

/// Views as bytes, and back.
namespace {

using torc::detail::input_archive;
using torc::detail::obstacle;
using torc::detail::output_archive;
using torc::detail::transferable;

/// Kokkos can be initialised once in a process; each case has a process of its own.
class view_codec : public testing::Test {
 protected:
  view_codec() { torc::backends::kokkos::initialise(); }
  ~view_codec() override { torc::backends::kokkos::finalise(); }
};

template <class View>
using writable =
    Kokkos::View<typename View::non_const_data_type, typename View::array_layout, typename View::device_type>;

template <class View, class Function>
void for_each_index(const View& view, Function&& function) {
  const auto size = [&](std::size_t i) { return i < static_cast<std::size_t>(View::rank) ? view.extent(i) : 1; };
  std::array<std::size_t, 8> at{};
  std::size_t number = 0;
  for (at[0] = 0; at[0] < size(0); ++at[0])
    for (at[1] = 0; at[1] < size(1); ++at[1])
      for (at[2] = 0; at[2] < size(2); ++at[2])
        for (at[3] = 0; at[3] < size(3); ++at[3])
          for (at[4] = 0; at[4] < size(4); ++at[4])
            for (at[5] = 0; at[5] < size(5); ++at[5])
              for (at[6] = 0; at[6] < size(6); ++at[6])
                for (at[7] = 0; at[7] < size(7); ++at[7]) function(at, number++);
}

template <class View>
auto& element(const View& view, const std::array<std::size_t, 8>& at) {
  return [&]<std::size_t... I>(std::index_sequence<I...>)->auto& { return view(at[I]...); }
  (std::make_index_sequence<static_cast<std::size_t>(View::rank)>());
}

/// Each element another value, in the order of the last index.
template <class View>
void number(const View& view) {
  for_each_index(view, [&](const auto& at, std::size_t i) {
    element(view, at) = static_cast<typename View::non_const_value_type>(i + 1);
  });
}

template <class A, class B>
void expect_same(const A& came, const B& sent) {
  ASSERT_EQ(static_cast<std::size_t>(A::rank), static_cast<std::size_t>(B::rank));
  for (std::size_t i = 0; i < static_cast<std::size_t>(A::rank); ++i) ASSERT_EQ(came.extent(i), sent.extent(i));
  EXPECT_EQ(came.label(), sent.label());
  EXPECT_TRUE(came.span_is_contiguous());
  EXPECT_NE(static_cast<const void*>(came.data()), static_cast<const void*>(sent.data())) << "a View of its own";
  for_each_index(sent, [&](const auto& at, std::size_t i) { EXPECT_EQ(element(came, at), element(sent, at)) << i; });
}

/// A View of the data type, extents and layout that comes back as it was.
template <class Data, class Layout, class... Extent>
void travels(Extent... extents) {
  using view = Kokkos::View<Data, Layout, Kokkos::HostSpace>;
  using const_view = Kokkos::View<typename view::const_data_type, Layout, Kokkos::HostSpace>;
  const view sent("name", static_cast<std::size_t>(extents)...);
  number(sent);
  expect_same(tests::round_trip(const_view(sent)), sent);
}

template <class Layout>
void travels_at_every_rank() {
  travels<double, Layout>();
  travels<int*, Layout>(5);
  travels<float**, Layout>(2, 3);
  travels<std::uint8_t***, Layout>(2, 3, 4);
  travels<double****, Layout>(2, 1, 3, 2);
  travels<long*****, Layout>(2, 3, 1, 2, 2);
  travels<short******, Layout>(2, 1, 2, 1, 2, 3);
  travels<double*******, Layout>(1, 2, 1, 2, 1, 2, 3);
  travels<int********, Layout>(2, 1, 2, 1, 2, 1, 2, 3);
  travels<double[3], Layout>();
  travels<double* [3], Layout>(2);
  travels<int* [2][3], Layout>(4);
}

TEST_F(view_codec, takes_every_rank_of_layout_left) { travels_at_every_rank<Kokkos::LayoutLeft>(); }
TEST_F(view_codec, takes_every_rank_of_layout_right) { travels_at_every_rank<Kokkos::LayoutRight>(); }

TEST_F(view_codec, takes_every_rank_of_layout_stride) {
  const auto strided = []<class Data>(std::type_identity<Data>, const auto& whole, auto... ranges) {
    number(whole);
    const auto sent = Kokkos::subview(whole, ranges...);
    Kokkos::View<Data, Kokkos::LayoutStride, Kokkos::HostSpace> view = sent;
    EXPECT_FALSE(view.span_is_contiguous());
    expect_same(tests::round_trip(view), view);
  };
  using Kokkos::HostSpace;
  const std::pair<int, int> part(1, 3);
  strided(std::type_identity<const int*>(), Kokkos::View<int**, Kokkos::LayoutRight, HostSpace>("a", 4, 5), Kokkos::ALL,
          2);
  strided(std::type_identity<const int**>(), Kokkos::View<int**, Kokkos::LayoutLeft, HostSpace>("a", 4, 5), part, part);
  strided(std::type_identity<const int***>(), Kokkos::View<int***, Kokkos::LayoutLeft, HostSpace>("a", 4, 5, 3), part,
          Kokkos::ALL, part);
  strided(std::type_identity<const int****>(),
          Kokkos::View<int*****, Kokkos::LayoutRight, HostSpace>("a", 4, 3, 3, 2, 3), part, part, 1, Kokkos::ALL, part);
  strided(std::type_identity<const int*****>(),
          Kokkos::View<int******, Kokkos::LayoutLeft, HostSpace>("a", 3, 3, 3, 2, 3, 2), part, part, 1, Kokkos::ALL,
          part, Kokkos::ALL);
  strided(std::type_identity<const int********>(),
          Kokkos::View<int********, Kokkos::LayoutLeft, HostSpace>("a", 3, 1, 2, 1, 2, 1, 2, 2), part, Kokkos::ALL,
          Kokkos::ALL, Kokkos::ALL, Kokkos::ALL, Kokkos::ALL, Kokkos::ALL, Kokkos::ALL);
}

TEST_F(view_codec, takes_parts_that_keep_their_layout) {
  Kokkos::View<double***, Kokkos::LayoutLeft, Kokkos::HostSpace> left("left", 4, 3, 5);
  Kokkos::View<double***, Kokkos::LayoutRight, Kokkos::HostSpace> right("right", 4, 3, 5);
  number(left);
  number(right);
  const std::pair<int, int> part(1, 3);
  Kokkos::View<const double**, Kokkos::LayoutLeft, Kokkos::HostSpace> columns =
      Kokkos::subview(left, part, Kokkos::ALL, 2);
  Kokkos::View<const double**, Kokkos::LayoutRight, Kokkos::HostSpace> rows =
      Kokkos::subview(right, 2, Kokkos::ALL, part);
  ASSERT_FALSE(columns.span_is_contiguous());
  ASSERT_FALSE(rows.span_is_contiguous());
  expect_same(tests::round_trip(columns), columns);
  expect_same(tests::round_trip(rows), rows);
}

TEST_F(view_codec, takes_a_packed_view_in_one_piece_whatever_its_layout_is_called) {
  Kokkos::View<int**, Kokkos::LayoutRight, Kokkos::HostSpace> sent("name", 3, 4);
  number(sent);
  const Kokkos::View<const int**, Kokkos::LayoutStride, Kokkos::HostSpace> strided = sent;
  EXPECT_TRUE(torc::detail::shape_of(strided).is_packed());
  expect_same(tests::round_trip(strided), strided);
}

TEST_F(view_codec, takes_padded_views_without_their_padding) {
  Kokkos::View<double**, Kokkos::LayoutLeft, Kokkos::HostSpace> sent(Kokkos::view_alloc("name", Kokkos::AllowPadding),
                                                                     1001, 3);
  number(sent);
  const Kokkos::View<const double**, Kokkos::LayoutLeft, Kokkos::HostSpace> view = sent;
  const auto bytes = tests::written(view);
  EXPECT_EQ(bytes.size(), 1 + 2 * 8 + 8 + 4 + 3003 * sizeof(double));
  expect_same(tests::read<std::remove_const_t<decltype(view)>>(bytes), sent);
}

TEST_F(view_codec, keeps_views_of_nothing) {
  using view = Kokkos::View<const double**, Kokkos::LayoutRight, Kokkos::HostSpace>;
  EXPECT_EQ(tests::round_trip(view()).data(), nullptr);
  EXPECT_EQ((tests::round_trip(Kokkos::View<const double, Kokkos::HostSpace>()).data()), nullptr);
  EXPECT_EQ((tests::round_trip(Kokkos::View<const double[7], Kokkos::HostSpace>()).data()), nullptr);
  const view empty = writable<view>("empty", 5, 0);
  const view came = tests::round_trip(empty);
  EXPECT_EQ(came.extent(0), 5U);
  EXPECT_EQ(came.extent(1), 0U);
  EXPECT_EQ(came.label(), "empty");
}

enum class colour : std::uint8_t { red, green };
struct point {
  double x;
  int y;
  friend bool operator==(const point&, const point&) = default;
};

}  // namespace

template <>
inline constexpr bool torc::is_bitwise<point> = true;

namespace {

template <class T>
void travels_with(const T& first, const T& second) {
  Kokkos::View<T*, Kokkos::HostSpace> sent("name", 2);
  sent(0) = first;
  sent(1) = second;
  const Kokkos::View<const T*, Kokkos::HostSpace> view = sent;
  const Kokkos::View<const T*, Kokkos::HostSpace> came = tests::round_trip(view);
  ASSERT_EQ(came.extent(0), 2U);
  EXPECT_TRUE(came(0) == first);
  EXPECT_TRUE(came(1) == second);
}

TEST_F(view_codec, takes_elements_whose_bytes_are_their_value) {
  travels_with<bool>(true, false);
  travels_with<char>('a', 'b');
  travels_with<colour>(colour::green, colour::red);
  travels_with<point>({1, 2}, {3, 4});
  travels_with<std::complex<double>>({1, 2}, {3, 4});
  travels_with<Kokkos::complex<float>>({1, 2}, {3, 4});
}

TEST_F(view_codec, takes_random_access_and_atomic_views) {
  Kokkos::View<int*, Kokkos::HostSpace> sent("name", 4);
  number(sent);
  const Kokkos::View<const int*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::RandomAccess>> view = sent;
  expect_same(tests::round_trip(view), sent);
}

using results = Kokkos::View<double*, Kokkos::HostSpace>;
using arguments = Kokkos::View<const double*, Kokkos::HostSpace>;

struct named_views {
  std::string name;
  std::vector<results> views;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, views);
  }
};

results numbers(std::size_t count) {
  results made("numbers", count);
  number(made);
  return made;
}

TEST_F(view_codec, takes_views_inside_of_other_values) {
  const std::tuple<int, arguments, std::vector<arguments>> sent{7, numbers(2), {numbers(3), arguments()}};
  const auto [seven, one, several] = tests::round_trip(sent);
  EXPECT_EQ(seven, 7);
  expect_same(one, std::get<1>(sent));
  ASSERT_EQ(several.size(), 2U);
  expect_same(several[0], std::get<2>(sent)[0]);
  EXPECT_EQ(several[1].data(), nullptr);

  const named_views named = tests::round_trip(named_views{"n", {numbers(4)}});
  EXPECT_EQ(named.name, "n");
  ASSERT_EQ(named.views.size(), 1U);
  EXPECT_EQ(named.views[0](3), 4);
}

results doubled(const arguments& given) {
  results made("doubled", given.extent(0));
  for (std::size_t i = 0; i < given.extent(0); ++i) made(i) = 2 * given(i);
  return made;
}
std::vector<results> both(const arguments& a, const arguments& b) { return {doubled(a), doubled(b)}; }

TEST_F(view_codec, takes_arguments_and_results_of_tasks) {
  const results came = tests::result_of_crossing(doubled, numbers(3));
  EXPECT_EQ(came.label(), "doubled");
  ASSERT_EQ(came.extent(0), 3U);
  EXPECT_EQ(came(2), 6);
  const std::vector<results> two = tests::result_of_crossing(both, numbers(1), numbers(2));
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[1](1), 4);
}

TEST_F(view_codec, copies_what_an_unmanaged_view_shows) {
  double memory[] = {1, 2, 3};
  const Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>> shown(memory, 3);
  EXPECT_EQ(tests::result_of_crossing(doubled, shown)(2), 6);
}

template <class T>
constexpr obstacle found = transferable<T>::value;
template <class T>
using unmanaged = Kokkos::View<T, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

static_assert(found<arguments> == obstacle::none);
static_assert(found<results> == obstacle::mutable_view);
static_assert(found<std::vector<std::tuple<int, results>>> == obstacle::mutable_view);
static_assert(found<std::tuple<results, int*>> == obstacle::raw_pointer, "it is one for results too");
static_assert(found<std::tuple<int*, results>> == obstacle::raw_pointer);
static_assert(found<unmanaged<double*>> == obstacle::unmanaged_view);
static_assert(found<unmanaged<const double*>> == obstacle::unmanaged_view);
static_assert(found<Kokkos::View<const std::string*, Kokkos::HostSpace>> == obstacle::elements_of_view);
static_assert(found<Kokkos::View<const Kokkos::Array<int, 3>*, Kokkos::HostSpace>> == obstacle::elements_of_view);
static_assert(torc::detail::is_task_transferable<results (*)(arguments), results, arguments>());
static_assert(!torc::detail::is_task_transferable<results (*)(results), results, results>());

std::vector<std::byte> bytes_of(std::initializer_list<std::uint64_t> extents, std::size_t label_and_elements) {
  std::vector<std::byte> bytes{std::byte{1}};
  output_archive out(bytes);
  for (const std::uint64_t extent : extents) out(extent);
  bytes.resize(bytes.size() + label_and_elements);  // zeros: an empty label, and elements
  return bytes;
}

TEST_F(view_codec, refuses_extents_that_cannot_be) {
  using view = Kokkos::View<const double**, Kokkos::HostSpace>;
  EXPECT_EQ(tests::read<view>(bytes_of({2, 3}, 8 + 48)).size(), 6U);
  EXPECT_EQ(tests::read<view>(bytes_of({0, 1000000}, 8)).extent(1), 1000000U);
  const std::uint64_t huge = ~std::uint64_t{0};
  for (const auto& [rows, columns] :
       std::vector<std::pair<std::uint64_t, std::uint64_t>>{{2, 4},
                                                            {huge, huge},
                                                            {huge, 0},
                                                            {0, huge},
                                                            {std::uint64_t{1} << 32, std::uint64_t{1} << 32},
                                                            {std::uint64_t{1} << 62, 4},
                                                            {1, std::uint64_t{1} << 61},
                                                            {std::uint64_t{1} << 40, 1}})
    EXPECT_THROW(tests::read<view>(bytes_of({rows, columns}, 8 + 48)), torc::serialization_error)
        << rows << " x " << columns;
}

TEST_F(view_codec, refuses_another_extent_than_the_types) {
  using view = Kokkos::View<const double* [3], Kokkos::HostSpace>;
  EXPECT_EQ(tests::read<view>(bytes_of({2, 3}, 8 + 48)).size(), 6U);
  EXPECT_THROW(tests::read<view>(bytes_of({3, 2}, 8 + 48)), torc::serialization_error);
}

TEST_F(view_codec, refuses_bytes_that_are_no_bools) {
  std::vector<std::byte> bytes = bytes_of({2}, 8 + 2);
  using view = Kokkos::View<const bool*, Kokkos::HostSpace>;
  EXPECT_FALSE(tests::read<view>(bytes)(1));
  bytes.back() = std::byte{2};
  EXPECT_THROW(tests::read<view>(bytes), torc::serialization_error);
}

TEST(view_codec_without_kokkos, refuses_what_arrives) {
  EXPECT_THROW((tests::read<Kokkos::View<const double*, Kokkos::HostSpace>>(bytes_of({2}, 8 + 16))),
               torc::serialization_error);
}

int dispatches = 0;

struct nothing {
  KOKKOS_FUNCTION void operator()(int) const {}
};

TEST_F(view_codec, dispatches_nothing_on_the_host) {
  namespace tools = Kokkos::Tools::Experimental;
  const results sent = numbers(1000);
  Kokkos::View<double**, Kokkos::LayoutLeft, Kokkos::HostSpace> whole("whole", 8, 8);
  const Kokkos::View<const double*, Kokkos::LayoutStride, Kokkos::HostSpace> row =
      Kokkos::subview(whole, 3, Kokkos::ALL);
  tools::set_begin_parallel_for_callback([](const char*, std::uint32_t, std::uint64_t*) { ++dispatches; });
  tools::set_begin_deep_copy_callback([](auto...) { ++dispatches; });
  const auto came = tests::read<results>(tests::written(sent));
  const auto row_came = tests::read<std::remove_const_t<decltype(row)>>(tests::written(row));
  EXPECT_EQ(dispatches, 0);
  Kokkos::parallel_for(Kokkos::RangePolicy<Kokkos::DefaultHostExecutionSpace>(0, 1), nothing{});
  EXPECT_EQ(dispatches, 1) << "else the callbacks are not called at all";
}

/// The way of elements in a device's memory, taken with a host's.
template <class View>
View through_a_device(const View& view) {
  std::vector<std::byte> bytes;
  output_archive out(bytes);
  const auto shape = torc::detail::shape_of(view);
  torc::detail::write_device_elements(out, shape, view);
  EXPECT_EQ(bytes.size(), view.size() * sizeof(typename View::value_type));
  auto packed = shape;
  packed.pack();
  input_archive in(bytes);
  View came = torc::detail::read_device_elements<View>(in, packed, view.label());
  EXPECT_EQ(in.left(), 0U);
  return came;
}

TEST_F(view_codec, takes_elements_by_way_of_an_instance) {
  const arguments packed = numbers(100);
  expect_same(through_a_device(packed), packed);
  Kokkos::View<double**, Kokkos::LayoutLeft, Kokkos::HostSpace> whole("whole", 5, 7);
  number(whole);
  const Kokkos::View<const double**, Kokkos::LayoutLeft, Kokkos::HostSpace> part =
      Kokkos::subview(whole, std::pair<int, int>(1, 4), Kokkos::ALL);
  const Kokkos::View<const double*, Kokkos::LayoutStride, Kokkos::HostSpace> row =
      Kokkos::subview(whole, 3, Kokkos::ALL);
  expect_same(through_a_device(part), part);
  expect_same(through_a_device(row), row);
}

TEST_F(view_codec, takes_turns_and_refuses_spaces_that_are_not_there) {
  EXPECT_THROW(torc::detail::view_transfer("Abacus"), torc::serialization_error);
  for (int i = 0; i < 2; ++i)  // the failure has left the turn to others
    EXPECT_NE(torc::detail::view_transfer(Kokkos::DefaultHostExecutionSpace::name()).instance(), nullptr);
}

}  // namespace

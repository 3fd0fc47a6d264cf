// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/kokkos.hpp>

#include <gtest/gtest.h>

#include <Kokkos_Core.hpp>
#include <atomic>
#include <functional>
#include <numeric>
#include <torc/torc.hpp>
#include <vector>

namespace {

using space = Kokkos::DefaultExecutionSpace;
using memory = space::memory_space;
using vector_view = Kokkos::View<double*, memory>;

struct square {
  vector_view values;
  KOKKOS_FUNCTION void operator()(int i) const { values(i) = values(i) * values(i); }
};

struct count_up {
  vector_view values;
  KOKKOS_FUNCTION void operator()(int i) const { values(i) = i + 1; }
};

struct total {
  Kokkos::View<const double*, memory> values;
  KOKKOS_FUNCTION void operator()(int i, double& sum) const { sum += values(i); }
};

Kokkos::RangePolicy<space> each(const space& exec, int n) {
  return Kokkos::RangePolicy<space>(exec, 0, static_cast<std::size_t>(n));
}

vector_view numbers(const space& exec, int n) {
  vector_view made(Kokkos::view_alloc(exec, std::string("numbers"), Kokkos::WithoutInitializing),
                   static_cast<std::size_t>(n));
  Kokkos::parallel_for("count up", each(exec, n), count_up{made});
  return made;
}

double sum_of_squares(const space& exec, int n) {
  const vector_view values = numbers(exec, n);
  Kokkos::parallel_for("square", each(exec, n), square{values});
  double sum = 0;
  Kokkos::parallel_reduce("total", each(exec, n), total{values}, sum);
  return sum;
}

double formula(int n) { return n * (n + 1.0) * (2 * n + 1.0) / 6; }

/// On 1 and 4 workers. MPI and Kokkos stay up for the next session.
void on_workers(const std::function<void()>& main) {
  for (const int workers : {1, 4}) {
    torc::init(torc::options{.workers = workers, .stats = 0});
    torc::launch(main);
    EXPECT_EQ(torc::shutdown(), 0);
  }
}

TEST(kokkos_device_task, runs_kernels_on_its_instance) {
  on_workers([] {
    EXPECT_EQ(torc::submit(torc::on_device, sum_of_squares, 1000).result(), formula(1000));
    std::vector<torc::future<double(int)>> many;
    for (int n = 1; n <= 200; ++n) many.push_back(torc::submit(torc::on_device, sum_of_squares, n));
    for (int n = 1; n <= 200; ++n) EXPECT_EQ(many[static_cast<std::size_t>(n - 1)].result(), formula(n));
  });
}

TEST(kokkos_device_task, map_gives_the_values_in_order) {
  on_workers([] {
    std::vector<int> sizes(100);
    std::iota(sizes.begin(), sizes.end(), 1);
    const auto sums = torc::map(torc::on_device, sum_of_squares, sizes);
    for (int n = 1; n <= 100; ++n) EXPECT_EQ(sums[static_cast<std::size_t>(n - 1)], formula(n));
  });
}

struct team_total {
  Kokkos::View<const double*, memory> values;
  Kokkos::View<double*, memory> sums;
  int width;
  KOKKOS_FUNCTION void operator()(const Kokkos::TeamPolicy<space>::member_type& team) const {
    double sum = 0;
    const int begin = team.league_rank() * width;
    Kokkos::parallel_reduce(
        Kokkos::TeamThreadRange(team, width), [&](int i, double& part) { part += values(begin + i); }, sum);
    Kokkos::single(Kokkos::PerTeam(team), [&] { sums(team.league_rank()) = sum; });
  }
};

double sum_by_teams(const space& exec, int teams) {
  const int width = 37;
  const vector_view values = numbers(exec, teams * width);
  const vector_view sums(static_cast<double*>(torc::scratch(exec, sizeof(double) * static_cast<std::size_t>(teams))),
                         static_cast<std::size_t>(teams));
  Kokkos::parallel_for("teams", Kokkos::TeamPolicy<space>(exec, teams, 1), team_total{values, sums, width});
  double sum = 0;
  Kokkos::parallel_reduce("total", each(exec, teams), total{sums}, sum);
  return sum;
}

TEST(kokkos_device_task, teams_and_scratch_of_many_tasks_do_not_mix) {
  on_workers([] {
    std::vector<torc::future<double(int)>> many;
    for (int i = 0; i < 100; ++i) many.push_back(torc::submit(torc::on_device, sum_by_teams, 1 + i % 7));
    for (int i = 0; i < 100; ++i) {
      const double n = 37 * (1 + i % 7);
      EXPECT_EQ(many[static_cast<std::size_t>(i)].result(), n * (n + 1) / 2);
    }
  });
}

vector_view as_view(const space& exec, int n) { return numbers(exec, n); }
double sum_of_view(const space& exec, const Kokkos::View<const double*, memory>& values) {
  double sum = 0;
  Kokkos::parallel_reduce("total", each(exec, static_cast<int>(values.extent(0))), total{values}, sum);
  return sum;
}

TEST(kokkos_device_task, views_are_results_and_arguments) {
  on_workers([] {
    const vector_view made = torc::submit(torc::on_device, as_view, 100).result();
    const Kokkos::View<const double*, memory> read_only = made;
    EXPECT_EQ(torc::submit(torc::on_device, sum_of_view, read_only).result(), 5050);
  });
}

TEST(kokkos_device_task, a_waiting_task_lets_those_below_it_run) {
  on_workers([] {
    const auto parent = [](const space& exec, int n) {
      const auto below = torc::submit(torc::on_device, sum_of_squares, n);
      const double own = sum_of_squares(exec, n);
      const double other = below.result();
      torc::fence(exec);
      return own + other + sum_of_squares(exec, 1);
    };
    std::vector<torc::future<double>> many;
    for (int i = 0; i < 20; ++i) many.push_back(torc::submit(torc::on_device, parent, 50));
    for (const auto& one : many) EXPECT_EQ(one.result(), 2 * formula(50) + 1);
  });
}

TEST(kokkos_device_task, either_kind_gives_the_same) {
  on_workers([] {
    const auto either = torc::on_any([](int n) { return formula(n); }, sum_of_squares);
    for (int n = 1; n < 50; ++n) EXPECT_EQ(torc::submit(either, n).result(), formula(n));
  });
}

TEST(kokkos_device_task, what_its_body_throws_comes_out_of_the_future) {
  on_workers([] {
    const auto bad = torc::submit(torc::on_device, [](const space&) { throw std::domain_error("no"); });
    EXPECT_THROW(bad.result(), std::domain_error);
  });
}

TEST(kokkos_device_task, memory_that_is_not_there_is_a_device_error) {
  on_workers([] {
    const auto greedy = torc::submit(torc::on_device, [](const space& exec) {
      const vector_view too_large(Kokkos::view_alloc(exec, std::string("too large"), Kokkos::WithoutInitializing),
                                  std::size_t{1} << 50U);
      return too_large.extent(0);
    });
    try {
      greedy.result();
      ADD_FAILURE();
    } catch (const torc::device_error& e) {
      EXPECT_NE(std::string(e.what()).find(space::name()), std::string::npos) << e.what();
      EXPECT_NE(std::string(e.what()).find("too large"), std::string::npos) << e.what();
    }
  });
}

TEST(kokkos_device_task, the_space_of_the_host_is_there_by_its_name) {
  on_workers([] {
    using host = Kokkos::DefaultHostExecutionSpace;
    EXPECT_EQ(torc::submit(torc::on<host>, [](const host&) { return 3; }).result(), 3);
  });
}

}  // namespace

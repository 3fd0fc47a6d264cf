// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>

#include <cstdio>
#include <functional>
#include <map>
#include <string_view>
#include <torc/torc.hpp>

/// A program that calls MPI_Finalize itself, in one of many places: `finalising WHERE`.
namespace {

int identity(int x) { return x; }

/// Some of it on every node.
void work() {
  for (int worker = 0; worker < torc::num_workers(); ++worker)
    torc::submit(torc::task_options{.worker = worker}, identity, worker);
  torc::wait();
}

void initialise() {
  int level = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &level);
}

}  // namespace

int main(int argc, char** argv) {
  const auto start = [&](const std::function<void()>& main) { torc::start(argc, argv, main); };
  const auto run_session = [&] {
    torc::init(argc, argv);
    torc::launch(work);
    torc::shutdown();
  };
  const std::map<std::string_view, std::function<void()>> places{
      {"main",
       [&] {
         start([] {
           work();
           MPI_Finalize();
         });
       }},
      {"own_main",
       [&] {
         initialise();
         start([] {
           work();
           MPI_Finalize();
         });
       }},
      {"task",
       [&] {
         start([] {
           torc::submit(torc::task_options{.worker = torc::num_workers() - 1}, [] { MPI_Finalize(); });
           torc::wait();
         });
       }},
      {"before_shutdown",
       [&] {
         torc::init(argc, argv);
         torc::launch(work);
         MPI_Finalize();
         torc::shutdown();
       }},
      {"after_start",
       [&] {
         initialise();
         start(work);
         MPI_Finalize();
       }},
      {"after_shutdown",
       [&] {
         initialise();
         run_session();
         MPI_Finalize();
       }},
      {"after_finalize",
       [&] {
         initialise();
         run_session();
         run_session();
         torc::finalize();
         MPI_Finalize();
       }},
      {"after_launch_elsewhere",
       [&] {
         initialise();
         torc::init(argc, argv);
         if (torc::launch()) {
           work();
           torc::shutdown();
         }
         MPI_Finalize();
       }},
      {"in_place_of_torc",
       [&] {
         run_session();
         MPI_Finalize();
       }},
  };
  places.at(argv[1])();
  std::puts("well");
}

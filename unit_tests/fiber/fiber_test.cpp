// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/fiber.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/fiber/overflow.hpp"

namespace {

using torc::fiber::fiber;
using torc::fiber::overflow_guard;
using torc::fiber::stack_pool;

/// A fiber that runs a member function of Script once and is then left for good.
template <class Script>
class scripted {
 public:
  explicit scripted(std::size_t stack_bytes = std::size_t{128} << 10U) : m_pool(stack_bytes) {}

  /// Goes on in the script until it pauses or ends.
  void proceed() {
    if (m_fiber == nullptr)
      m_fiber = fiber::create(
          m_pool, [](void* self) { static_cast<scripted*>(self)->run(); }, this);
    m_thread.switch_to(*m_fiber);
    if (m_has_ended) fiber::destroy(m_fiber, m_pool);
  }
  void pause() { m_fiber->switch_to(m_thread); }
  bool has_ended() const { return m_has_ended; }
  fiber& running() { return *m_fiber; }
  Script& script() { return m_script; }

 private:
  void run() {
    m_script.play(*this);
    m_has_ended = true;
    pause();
  }

  stack_pool m_pool;
  fiber m_thread;
  fiber* m_fiber = nullptr;
  bool m_has_ended = false;
  Script m_script;
};

TEST(fiber, keeps_its_place_and_its_locals) {
  struct counting {
    int seen = 0;
    void play(scripted<counting>& here) {
      for (int i = 1; i <= 1'000; ++i) {
        seen = i;
        here.pause();
      }
    }
  };
  scripted<counting> f;
  for (int i = 1; i <= 1'000; ++i) {
    f.proceed();
    ASSERT_EQ(f.script().seen, i);
  }
  f.proceed();
  EXPECT_TRUE(f.has_ended());
}

TEST(fiber, may_pause_while_it_handles_an_exception_and_so_may_the_thread) {
  struct handling {
    std::string mine;
    void play(scripted<handling>& here) {
      EXPECT_EQ(std::current_exception(), nullptr) << "a new stack handles nothing";
      try {
        throw std::runtime_error("of the fiber");
      } catch (const std::exception&) {
        here.pause();
        try {
          throw;
        } catch (const std::exception& e) {
          mine = e.what();
        }
      }
      EXPECT_EQ(std::current_exception(), nullptr);
    }
  };
  scripted<handling> f;
  f.proceed();
  EXPECT_EQ(std::current_exception(), nullptr) << "what the fiber handles is not the thread's";
  try {
    throw std::runtime_error("of the thread");
  } catch (const std::exception&) {
    f.proceed();
    EXPECT_EQ(f.script().mine, "of the fiber");
    try {
      throw;
    } catch (const std::exception& e) {
      EXPECT_STREQ(e.what(), "of the thread");
    }
  }
  EXPECT_TRUE(f.has_ended());
}

TEST(fiber, counts_the_exceptions_in_flight_for_itself) {
  struct unwinding {
    int in_flight = -1;
    int after = -1;
    struct pausing {
      scripted<unwinding>& here;
      int& count;
      ~pausing() {
        here.pause();  // in the midst of unwinding
        count = std::uncaught_exceptions();
      }
    };
    void play(scripted<unwinding>& here) {
      try {
        const pausing p{here, in_flight};
        throw 1;
      } catch (int) {
      }
      after = std::uncaught_exceptions();
    }
  };
  scripted<unwinding> f;
  f.proceed();
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  f.proceed();
  EXPECT_EQ(f.script().in_flight, 1);
  EXPECT_EQ(f.script().after, 0);
}

TEST(fiber, knows_how_much_room_its_stack_has_left) {
  struct measuring {
    std::size_t above = 0;
    std::size_t below = 0;
    void play(scripted<measuring>& here) {
      above = here.running().room_bytes();
      descend(here);
    }
    [[gnu::noinline]] void descend(scripted<measuring>& here) {
      volatile char frame[32 << 10U];
      frame[0] = 1;
      measure(here);
      frame[1] = frame[0];
    }
    [[gnu::noinline]] void measure(scripted<measuring>& here) { below = here.running().room_bytes(); }
  };
  scripted<measuring> f;
  f.proceed();
  EXPECT_LT(f.script().above, std::size_t{128} << 10U);
  EXPECT_GT(f.script().above, std::size_t{100} << 10U);
  EXPECT_LE(f.script().below + (32U << 10U), f.script().above);
}

TEST(fiber, is_the_one_that_the_overflow_guard_watches) {
  struct watched {
    bool is_running = false;
    void play(scripted<watched>& here) { is_running = overflow_guard::running() == &here.running(); }
  };
  scripted<watched> f;
  f.proceed();
  EXPECT_TRUE(f.script().is_running);
}

TEST(fiber, that_never_ran_gives_its_stack_back) {
  stack_pool pool(std::size_t{64} << 10U);
  fiber* const unused = fiber::create(
      pool, [](void*) {}, nullptr);
  fiber::destroy(unused, pool);
  EXPECT_EQ(fiber::create(
                pool, [](void*) {}, nullptr),
            unused);
  fiber::destroy(unused, pool);
}

TEST(fiber, runs_on_several_threads_at_once) {
  struct adding {
    long sum = 0;
    void play(scripted<adding>& here) {
      for (int i = 0; i < 2'000; ++i) {
        sum += i;
        here.pause();
      }
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      scripted<adding> f;
      while (!f.has_ended()) f.proceed();
      EXPECT_EQ(f.script().sum, 1'999'000);
    });
  }
  for (std::thread& t : threads) t.join();
}

/// A ring of fibers, each of which passes control to the next.
void pass_round(std::size_t count) {
  stack_pool pool(std::size_t{16} << 10U);
  fiber thread;
  struct link {
    fiber* self = nullptr;
    fiber* next = nullptr;
    int visits = 0;
  };
  std::vector<link> ring(count);
  for (link& l : ring) {
    l.self = fiber::create(
        pool,
        [](void* argument) {
          auto& here = *static_cast<link*>(argument);
          for (;;) {
            ++here.visits;
            here.self->switch_to(*here.next);
          }
        },
        &l);
  }
  for (std::size_t i = 0; i < count; ++i) ring[i].next = i + 1 < count ? ring[i + 1].self : &thread;
  for (int round = 0; round < 3; ++round) thread.switch_to(*ring.front().self);
  for (const link& l : ring) ASSERT_EQ(l.visits, 3);
  for (const link& l : ring) fiber::destroy(l.self, pool);
}

TEST(fiber, passes_control_round_a_ring) { pass_round(1'000); }
TEST(fiber, passes_control_round_a_ring_above_4000_fibers) { pass_round(50'000); }

}  // namespace

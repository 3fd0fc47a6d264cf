// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "backends/mpi/all_gather.hpp"
#include "backends/mpi/sender.hpp"
#include "backends/mpi/tags.hpp"

namespace torc::backends::mpi {
namespace {

using testing::HasSubstr;

struct no_messages final : protocol::inbox {
  void receive(protocol::node_id /*from*/, const protocol::message& /*arrived*/) override {
    ADD_FAILURE() << "what is refused must not be delivered";
  }
};

/// Polls until something is refused, and says why.
std::string refusal_of_what_arrives(receiver& polled) {
  no_messages inbox;
  patience waiting;
  try {
    for (;;) {
      polled.poll(inbox);
      waiting.pause();
    }
  } catch (const protocol::violation& refused) {
    return refused.what();
  }
}

void close(receiver& closed) {
  patience waiting;
  while (!closed.close()) waiting.pause();
}

TEST(receiver, names_the_node_that_sent_foreign_bytes) {
  const communicator nodes;
  if (nodes.size() == 1) GTEST_SKIP() << "needs a second node";
  neighbours host(nodes);
  receiver incoming(nodes, 1, host);
  if (nodes.rank() == 1) {
    const std::array<char, 5> bytes{'h', 'e', 'l', 'l', 'o'};
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Isend(bytes.data(), 5, MPI_CHAR, 0, frame_tag, nodes.get(), &request), "MPI_Isend");
    complete(request, "MPI_Isend");
  } else if (nodes.rank() == 0) {
    EXPECT_THAT(refusal_of_what_arrives(incoming), HasSubstr("node 1 sent a frame of 5 bytes"));
  }
  all_gather(nodes, {});
  close(incoming);
}

TEST(receiver, refuses_another_session_s_messages) {
  const communicator nodes;
  if (nodes.size() == 1) GTEST_SKIP() << "needs a second node";
  neighbours host(nodes);
  receiver incoming(nodes, 4, host);
  sender outgoing(nodes, 3, host);
  if (nodes.rank() == 1) {
    outgoing.send(protocol::node_id{0}, {.kind = protocol::message_kind::end});
    patience waiting;
    while (!outgoing.is_idle()) {
      outgoing.flush();
      waiting.pause();
    }
  } else if (nodes.rank() == 0) {
    EXPECT_EQ(refusal_of_what_arrives(incoming), "node 1 sent a frame of session number 3 in session number 4");
  }
  all_gather(nodes, {});
  close(incoming);
}

}  // namespace
}  // namespace torc::backends::mpi

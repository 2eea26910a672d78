# Fuzzers of src/wire: one a parser.
quietroom_fuzzer(stun quietroom_wire)
quietroom_fuzzer(rtp quietroom_wire)
quietroom_fuzzer(rtcp quietroom_wire)
quietroom_fuzzer(header_extensions quietroom_wire)
quietroom_fuzzer(dependency_descriptor quietroom_wire)
quietroom_fuzzer(vp8 quietroom_wire)
quietroom_fuzzer(sdp quietroom_wire)

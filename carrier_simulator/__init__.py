"""A telephone carrier on one machine: takes messages and calls as Twilio does, and rings nobody.

A process of its own, for the demo and the tests of the product. It speaks the vendor's REST protocol (API 2010-04-01)
for messages and calls, so the vendor's own client works against it once scheme and host of its requests are rewritten.

    python -m carrier_simulator --port 8777 --state carrier.sqlite --inbound-url http://localhost:8000/hooks/sms

In a test, in-process:

    with Simulator() as simulator:      # carrier_simulator.server.Simulator
        ...simulator.url...

What a number does is decided, in this order, by the first rule of `POST /_control/rules` that fits the request, else by
the last five digits of the number called. Without either, messages are delivered and a person answers the call.

Numbers that end in…

    suffix  kind     what happens
    21211   both     refused: 400, code 21211, not a valid number
    21610   message  refused: 400, code 21610, the recipient has opted out
    21614   message  refused: 400, code 21614, not a mobile number
    00429   both     the first request per number is refused with 429 and Retry-After, later ones are accepted
    99429   both     every request is refused with 429 and Retry-After
    00500   both     the first request per number gets a clean 500 (not accepted), later ones are accepted
    99500   both     every request gets a clean 500 (not accepted)
    00504   both     accepted, then the connection is closed without an answer
    00502   both     accepted, then answered with a 502
    00506   both     accepted, answer lost, and listed only after 30 seconds
    00408   both     accepted at once, answered after 3 seconds
    00201   both     every status callback arrives twice
    00202   both     status callbacks arrive out of order, the last one first
    00203   both     status callbacks arrive twice and out of order
    00204   both     status callbacks arrive 10 seconds late
    00205   both     status callbacks never arrive
    00206   both     listed only after 30 seconds
    30003   message  undelivered, code 30003, the phone is off or unreachable
    30005   message  undelivered, code 30005, the number is unknown
    30006   message  undelivered, code 30006, a landline or an unreachable network
    78670   message  delivered, and the phone answers STOP
    93780   message  delivered, and the phone answers YES
    00486   call     busy
    00480   call     nobody answers
    00404   call     failed: the number cannot be reached
    00800   call     answered by a machine
    00801   call     answered by a person who hangs up after the first words
    07000   call     answered by a person who presses 0 at the first question
    07001   call     …presses 1, and so on for each digit up to
    07009   call     …presses 9
    07012   call     presses 1 at the first question, 2 at the second

Control (JSON in and out, no credentials, meant for a loopback address only):

    POST   /_control/rules         {"to"|"pattern", "kind", "body", "skip", "count", "share", "effect"} → 201, or a list
    GET    /_control/rules         the rules with how often each was used, and the names of all effects
    DELETE /_control/rules[/{id}]  forget all rules, or one
    GET    /_control/settings      and POST to change some: latency, delays, the inbound webhook…
    GET    /_control/messages      all accepted messages, with the count of each body and what was accepted twice
    GET    /_control/calls         all calls, with what was said and pressed
    GET    /_control/callbacks     all webhooks sent: parameters, attempts, outcome
    POST   /_control/inbound       {"from", "to", "body"}: a person writes a text message
    GET    /_control/quiet         answers once no callback and no call is under way (?timeout=seconds)
    POST   /_control/reset         an empty carrier with its first settings
    GET    /healthz                200 while it serves
    GET    /                       the phones, for people

A request is accepted before the latency is waited out, so a callback may well come before the answer, as in the field.
Webhooks carry X-Twilio-Signature; only loopback addresses are called, anything else is refused when it is asked for.
"""

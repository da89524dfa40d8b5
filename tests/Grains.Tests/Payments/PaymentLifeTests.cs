using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Payments;

/// <summary>Confirmation, the payer's part, notices and a person's word.</summary>
public sealed class PaymentLifeTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = At.AddHours(1);
    private static readonly NextAction Redirect = new(NextActionType.Redirect, "https://bank.example/");
    private static readonly PaymentError No = new("card_declined", "No.", null, RetryAdvice.TryOtherMethod);

    [Fact]
    public void A_payment_that_is_confirmed_later_is_answered_and_waits()
    {
        var state = Created();
        Assert.Equal((PaymentStatus.Created, Later, true), (state.Status, state.ExpiresAt!.Value, state.NeedsCard));
        Assert.Equal(PaymentStatus.Created, state.FirstAnswer!.Status);
    }

    [Fact]
    public void A_confirmation_starts_the_attempt_with_the_card_it_brings()
    {
        var command = new ConfirmPayment(new CardDetails("5555555555554444", 1, 2031, "123", null), "c0ffee", new RequestIdentity("k", "f"));
        var state = Fold(Created(), [PaymentMachine.Confirm(Created(), command).Value, new AttemptStarted(1, Samples.CardA)]);
        Assert.Equal((PaymentStatus.Processing, "mastercard", "4444", "c0ffee"), (state.Status, state.Card.Brand, state.Card.Last4, state.CardFingerprint));
        Assert.Equal(new OperationRequest("f", 0, null), state.Requests["k"]);
        Assert.Null(state.ExpiresAt);
    }

    [Fact]
    public void Nothing_but_a_created_payment_is_confirmed()
    {
        foreach (var state in new[] { Opened(), Acting(), Captured(), Failed() })
        {
            var refusal = PaymentMachine.Confirm(state, new ConfirmPayment(null, null, null)).Refusal!;
            Assert.Equal(RefusalCode.InvalidState, refusal.Code);
            Assert.EndsWith("cannot be confirmed.", refusal.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_created_payment_is_cancelled_or_expires_without_anything_being_sent()
    {
        var cancelled = Fold(Created(), [PaymentMachine.StartCancel(Created(), new CancelPayment("changed my mind", null)).Value]);
        Assert.Equal((PaymentStatus.Cancelled, "changed my mind", false), (cancelled.Status, cancelled.CancellationReason, cancelled.NeedsCard));
        var expired = Fold(Created(), PaymentMachine.Expire(Created()));
        Assert.Equal((PaymentStatus.Failed, "payment_expired"), (expired.Status, expired.LastError!.Code));
        Assert.Empty(PaymentMachine.Expire(Opened()));
    }

    [Fact]
    public void A_payer_who_must_act_is_shown_where_and_for_how_long()
    {
        var view = Acting().ToView();
        Assert.Equal((PaymentStatus.RequiresAction, Redirect, Later), (view.Status, view.NextAction, view.ExpiresAt!.Value));
        var after = After(Acting(), new ChargeResult.Approved("pi_1", Samples.Amount)).ToView();
        Assert.Equal((PaymentStatus.Captured, null, null), (after.Status, after.NextAction, after.ExpiresAt));
    }

    [Fact]
    public void While_the_payer_acts_only_what_the_connector_decided_is_news()
    {
        ChargeResult[] nothing =
        [
            new ChargeResult.Unknown("timeout"), new ChargeResult.NotFound(), new ChargeResult.NotSent("x"), new ChargeResult.ActionRequired("pi_1", Redirect),
        ];
        foreach (var result in nothing)
        {
            Assert.Empty(PaymentMachine.Conclude(Acting(), 1, result, notFoundIsFinal: true, Waiting.Nobody, Later));
            Assert.IsType<CallerAnswered>(Assert.Single(PaymentMachine.Conclude(Acting(), 1, result, notFoundIsFinal: true, Waiting.Creator, Later)));
        }

        Assert.Equal(PaymentStatus.Processing, After(Acting(), new ChargeResult.Pending("pi_1")).Status);
        Assert.Equal(PaymentStatus.Declined, After(Acting(), new ChargeResult.Declined(No, "pi_1")).Status);
    }

    [Fact]
    public void A_charge_that_the_provider_told_of_is_not_given_up_because_its_search_does_not_show_it()
    {
        var told = Fold(Opened(), PaymentMachine.Observe(Opened(), Notice(ChargeStatus.Pending, 0), Later));
        Assert.Empty(PaymentMachine.Conclude(told, 1, new ChargeResult.NotFound(), notFoundIsFinal: true, Waiting.Nobody, Later));
        Assert.NotEmpty(PaymentMachine.Conclude(Opened(), 1, new ChargeResult.NotFound(), notFoundIsFinal: true, Waiting.Nobody, Later));
    }

    [Fact]
    public void A_payer_who_does_not_come_back_is_waited_for_until_the_charge_could_be_taken_back()
    {
        var state = Fold(Acting(), PaymentMachine.StartExpiry(Acting()));
        Assert.Equal((PaymentStatus.Processing, true), (state.Status, state.OpenOperation!.IsExpiry));
        var over = Done(state, new OperationResult.Done(Samples.Usd(0)));
        Assert.Equal((PaymentStatus.Failed, "payment_expired"), (over.Status, over.LastError!.Code));
        Assert.False(over.NeedsCard);

        var late = Done(state, new OperationResult.Refused(No));
        Assert.Equal((PaymentStatus.Processing, null), (late.Status, late.LastError));
        Assert.NotNull(late.OpenAttempt);
        Assert.Equal(PaymentStatus.Captured, After(late, new ChargeResult.Approved("pi_1", Samples.Amount)).Status);
        Assert.Empty(PaymentMachine.StartExpiry(Opened()));
    }

    [Fact]
    public void The_merchant_can_give_up_while_the_payer_acts()
    {
        var state = Fold(Acting(), [PaymentMachine.StartCancel(Acting(), new CancelPayment("no", null)).Value]);
        state = Done(state, new OperationResult.Done(Samples.Usd(0)));
        Assert.Equal((PaymentStatus.Cancelled, "no"), (state.Status, state.CancellationReason));
        Assert.Null(state.OpenAttempt);
    }

    public static TheoryData<string, ChargeStatus, long, string> News() => new()
    {
        { "open", ChargeStatus.Captured, 1099, "captured" },
        { "open", ChargeStatus.Captured, 1098, "" },
        { "open", ChargeStatus.Authorized, 0, "" },
        { "open", ChargeStatus.Declined, 0, "declined" },
        { "open", ChargeStatus.Cancelled, 0, "declined" },
        { "open", ChargeStatus.ActionRequired, 0, "requires_action" },
        { "acting", ChargeStatus.ActionRequired, 0, "" },
        { "acting", ChargeStatus.Pending, 0, "" },
        { "acting", ChargeStatus.Captured, 1099, "captured" },
        { "acting", ChargeStatus.Declined, 0, "declined" },
        { "acted", ChargeStatus.ActionRequired, 0, "" },
        { "manual", ChargeStatus.Authorized, 0, "authorized" },
        { "manual", ChargeStatus.Captured, 1099, "captured" },
        { "manual", ChargeStatus.Captured, 600, "partially_captured" },
        { "manual", ChargeStatus.Captured, 1100, "" },
        { "authorized", ChargeStatus.Authorized, 0, "" },
        { "authorized", ChargeStatus.Cancelled, 0, "cancelled" },
        { "authorized", ChargeStatus.Captured, 1099, "captured" },
        { "authorized", ChargeStatus.Captured, 99, "partially_captured" },
        { "authorized", ChargeStatus.Captured, 1100, "" },
        { "capturing", ChargeStatus.Authorized, 0, "" },
        { "capturing", ChargeStatus.Captured, 1099, "captured" },
        { "capturing", ChargeStatus.Captured, 99, "partially_captured" },
        { "capturing", ChargeStatus.Captured, 1100, "" },
        { "cancelling", ChargeStatus.Captured, 1100, "" },
        { "capturing", ChargeStatus.Cancelled, 0, "cancelled" },
        { "cancelling", ChargeStatus.Cancelled, 0, "cancelled" },
        { "cancelling", ChargeStatus.Authorized, 0, "" },
        { "cancelling", ChargeStatus.Captured, 1099, "captured" },
        { "giving up", ChargeStatus.Captured, 1099, "captured" },
        { "giving up", ChargeStatus.ActionRequired, 0, "" },
        { "giving up", ChargeStatus.Cancelled, 0, "cancelled" },
        { "captured", ChargeStatus.Captured, 1099, "" },
        { "captured", ChargeStatus.Declined, 0, "" },
        { "captured", ChargeStatus.Cancelled, 0, "" },
        { "captured", ChargeStatus.ActionRequired, 0, "" },
        { "declined", ChargeStatus.Pending, 0, "" },
        { "declined", ChargeStatus.Authorized, 0, "work item" },
        { "declined", ChargeStatus.Captured, 1099, "work item" },
        { "failed", ChargeStatus.Captured, 1099, "work item" },
        { "failed", ChargeStatus.Authorized, 0, "work item" },
        { "failed", ChargeStatus.Declined, 0, "" },
        { "cancelled", ChargeStatus.Authorized, 0, "" },
        { "cancelled", ChargeStatus.Cancelled, 0, "" },
    };

    [Theory]
    [MemberData(nameof(News))]
    public void A_notice_moves_a_payment_only_where_a_charge_does_not_come_back_from(string before, ChargeStatus told, long captured, string after)
    {
        var state = Situation(before);
        var events = PaymentMachine.Observe(state, Notice(told, captured), Later);
        if (after.Length == 0)
        {
            Assert.Empty(events);
            return;
        }

        Assert.Equal("evt_1", Assert.IsType<ChargeNoticed>(events[0]).EventId);
        var next = Fold(state, events);
        if (after == "work item") Assert.Equal((state.Status, "charge_after_end"), (next.Status, next.ToView().WorkItem!.Reason));
        else Assert.Equal((after, captured), (NameOf(next.Status), next.AmountCaptured.MinorUnits));
        Assert.Empty(PaymentMachine.Observe(next, Notice(told, captured), Later));
        Assert.Null(next.OpenOperation);
    }

    [Fact]
    public void A_notice_about_another_charge_is_none()
    {
        var genuine = Notice(ChargeStatus.Captured, 1099);
        var state = After(Opened(), new ChargeResult.Pending("pi_1"));
        Assert.NotEmpty(PaymentMachine.Observe(state, genuine, Later));
        Assert.Empty(PaymentMachine.Observe(state, genuine with { Connector = ConnectorName.Parse("card-b") }, Later));
        Assert.Empty(PaymentMachine.Observe(state, genuine with { Attempt = 2 }, Later));
        Assert.Empty(PaymentMachine.Observe(state, genuine with { ConnectorReference = "pi_2" }, Later));
        Assert.Empty(PaymentMachine.Observe(state, genuine with { Amount = Samples.Usd(1) }, Later));
        Assert.Empty(PaymentMachine.Observe(state, genuine with { Amount = Money.FromMinorUnits(1099, Currency.Parse("EUR")) }, Later));
    }

    [Fact]
    public void An_answer_that_comes_after_the_notice_only_answers_its_caller()
    {
        var told = Fold(Opened(), PaymentMachine.Observe(Opened(), Notice(ChargeStatus.Captured, 1099), Later));
        var events = PaymentMachine.Conclude(told, 1, new ChargeResult.Unknown("timeout"), notFoundIsFinal: false, Waiting.Creator, Later);
        Assert.IsType<CallerAnswered>(Assert.Single(events));
        Assert.Equal(PaymentStatus.Captured, Fold(told, events).FirstAnswer!.Status);

        var capturing = Situation("capturing");
        var captured = Fold(capturing, PaymentMachine.Observe(capturing, Notice(ChargeStatus.Captured, 1099), Later));
        Assert.Empty(PaymentMachine.ConcludeOperation(captured, 1, new OperationResult.Refused(No), isRepetition: false, Waiting.Nobody));
    }

    public static TheoryData<string, PaymentResolution, string> Words() => new()
    {
        { "open", PaymentResolution.Captured, "captured" },
        { "open", PaymentResolution.NotCaptured, "failed" },
        { "manual", PaymentResolution.NotAuthorized, "failed" },
        { "manual", PaymentResolution.Authorized, "authorized" },
        { "capturing", PaymentResolution.Captured, "captured" },
        { "capturing", PaymentResolution.NotCaptured, "authorized" },
        { "cancelling", PaymentResolution.Cancelled, "cancelled" },
        { "cancelling", PaymentResolution.NotCancelled, "authorized" },
        { "giving up", PaymentResolution.Cancelled, "cancelled" },
        { "giving up", PaymentResolution.NotCancelled, "processing" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void A_persons_word_ends_what_nobody_knew(string before, PaymentResolution word, string after)
    {
        var state = Situation(before);
        var unasked = PaymentMachine.Resolve(state, Word(word)).Refusal!;
        Assert.Equal(RefusalCode.InvalidState, unasked.Code);

        state = Fold(state, PaymentMachine.HandOver(state, WorkItemReasons.OutcomeUnknown));
        Assert.Empty(PaymentMachine.HandOver(state, WorkItemReasons.OutcomeUnknown));
        var possible = state.ToView().WorkItem!.Resolutions;
        Assert.Contains(word, possible);
        foreach (var other in Enum.GetValues<PaymentResolution>().Except(possible))
        {
            var refusal = PaymentMachine.Resolve(state, Word(other)).Refusal!;
            Assert.Equal((RefusalCode.InvalidState, "/resolution"), (refusal.Code, refusal.Param));
        }

        var next = Fold(state, [PaymentMachine.Resolve(state, Word(word)).Value]);
        Assert.Equal((after, null, null), (NameOf(next.Status), next.WorkItem, next.OpenOperation));
        Assert.Equal(after == "captured" ? 1099 : 0, next.AmountCaptured.MinorUnits);
    }

    [Theory]
    [InlineData("capturing", PaymentResolution.NotCaptured)]
    [InlineData("cancelling", PaymentResolution.Cancelled)]
    [InlineData("giving up", PaymentResolution.Cancelled)]
    public void A_word_about_another_charge_than_the_open_one_is_refused(string before, PaymentResolution word)
    {
        var state = Fold(Situation(before), PaymentMachine.HandOver(Situation(before), WorkItemReasons.OutcomeUnknown));
        var item = state.ToView().WorkItem!;
        Assert.Equal(("card-a", "pi_1", Samples.Amount), (item.Connector, item.ConnectorReference, item.Amount));
        var refusal = PaymentMachine.Resolve(state, Word(word) with { ConnectorReference = "pi_9" }).Refusal!;
        Assert.Equal((RefusalCode.InvalidState, "/connector_reference"), (refusal.Code, refusal.Param));
        Assert.NotNull(PaymentMachine.Resolve(state, Word(word) with { ConnectorReference = null }).Value);
    }

    [Theory]
    [InlineData(ChargeStatus.Captured, 1098, 1098)]
    [InlineData(ChargeStatus.Authorized, 0, 1099)]
    public void A_charge_that_surfaced_is_shown_with_what_it_took_or_holds(ChargeStatus told, long captured, long amount)
    {
        var state = Fold(Failed(), PaymentMachine.Observe(Failed(), Notice(told, captured), Later));
        var item = state.ToView().WorkItem!;
        Assert.Equal(("card-a", "pi_1", Samples.Usd(amount)), (item.Connector, item.ConnectorReference, item.Amount));
        Assert.Equal("/connector_reference", PaymentMachine.Resolve(state, Word(item.Resolutions[0]) with { ConnectorReference = "pi_9" }).Refusal!.Param);
    }

    [Fact]
    public void A_hold_that_a_person_found_needs_the_connectors_id()
    {
        var state = Fold(Situation("manual"), PaymentMachine.HandOver(Situation("manual"), WorkItemReasons.OutcomeUnknown));
        var refusal = PaymentMachine.Resolve(state, Word(PaymentResolution.Authorized) with { ConnectorReference = null }).Refusal!;
        Assert.Equal("/connector_reference", refusal.Param);
    }

    [Theory]
    [InlineData(PaymentResolution.Captured, PaymentStatus.Captured, 1099)]
    [InlineData(PaymentResolution.NotCaptured, PaymentStatus.Failed, 0)]
    public void A_charge_that_surfaced_is_taken_up_or_was_given_back(PaymentResolution word, PaymentStatus after, long captured)
    {
        var state = Fold(Failed(), PaymentMachine.Observe(Failed(), Notice(ChargeStatus.Captured, 1099), Later));
        var next = Fold(state, [PaymentMachine.Resolve(state, Word(word)).Value]);
        Assert.Equal((after, captured), (next.Status, next.AmountCaptured.MinorUnits));
        Assert.Null(next.WorkItem);
        Assert.Null(next.Surfaced);
    }

    [Theory]
    [InlineData(ChargeStatus.Captured, 1099, PaymentResolution.NotCaptured)]
    [InlineData(ChargeStatus.Authorized, 0, PaymentResolution.NotAuthorized)]
    public void A_charge_that_was_given_back_does_not_surface_again(ChargeStatus told, long captured, PaymentResolution word)
    {
        var notice = Notice(told, captured);
        var state = Fold(Failed(), PaymentMachine.Observe(Failed(), notice, Later));
        state = Fold(state, [PaymentMachine.Resolve(state, Word(word)).Value]);
        Assert.Empty(PaymentMachine.Observe(state, notice, Later));

        // Funds that were taken of it after all are news.
        Assert.Equal(captured == 0, PaymentMachine.Observe(state, Notice(ChargeStatus.Captured, 1099), Later).Length > 0);
    }

    [Fact]
    public void An_outcome_that_is_found_after_all_takes_the_work_from_the_person()
    {
        var state = Fold(Opened(), PaymentMachine.HandOver(Opened(), WorkItemReasons.OutcomeUnknown));
        Assert.NotNull(state.WorkItem);
        Assert.Null(After(state, new ChargeResult.Approved("pi_1", Samples.Amount)).WorkItem);
        Assert.Empty(PaymentMachine.HandOver(Captured(), WorkItemReasons.OutcomeUnknown));
    }

    private static PaymentState Situation(string name) => name switch
    {
        "open" => Opened(),
        "acting" => Acting(),
        "acted" => After(Acting(), new ChargeResult.Pending("pi_1")),
        "manual" => Opened(CaptureMethod.Manual),
        "authorized" => Authorized(),
        "capturing" => Fold(Authorized(), [PaymentMachine.StartCapture(Authorized(), new CapturePayment(null, null)).Value]),
        "cancelling" => Fold(Authorized(), [PaymentMachine.StartCancel(Authorized(), new CancelPayment(null, null)).Value]),
        "giving up" => Fold(Acting(), [PaymentMachine.StartCancel(Acting(), new CancelPayment(null, null)).Value]),
        "captured" => Captured(),
        "declined" => After(Opened(), new ChargeResult.Declined(No, "pi_1")),
        "failed" => Failed(),
        "cancelled" => Done(Situation("cancelling"), new OperationResult.Done(Samples.Usd(0))),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static PaymentState Created() => Fold(null, PaymentMachine.Create(Samples.Command() with { Confirm = false }, Later));

    private static PaymentState Opened(CaptureMethod method = CaptureMethod.Automatic) =>
        Fold(null, PaymentMachine.Open(Samples.Command() with { CaptureMethod = method }, Samples.Decision(), Samples.CardA, "https://x.example/"));

    private static PaymentState Acting() => After(Opened(), new ChargeResult.ActionRequired("pi_1", Redirect));

    private static PaymentState Authorized() => After(Opened(CaptureMethod.Manual), new ChargeResult.Authorized("pi_1", Samples.Amount));

    private static PaymentState Captured() => After(Opened(), new ChargeResult.Approved("pi_1", Samples.Amount));

    private static PaymentState Failed() => Fold(Opened(), [new AttemptFailed(1, PaymentErrors.AttemptNotSent)]);

    private static PaymentState After(PaymentState state, ChargeResult result) =>
        Fold(state, PaymentMachine.Conclude(state, 1, result, notFoundIsFinal: false, Waiting.Creator, Later));

    private static PaymentState Done(PaymentState state, OperationResult result) =>
        Fold(state, PaymentMachine.ConcludeOperation(state, state.OpenOperation!.Number, result, isRepetition: false, Waiting.Nobody));

    private static ChargeNotice Notice(ChargeStatus status, long captured) => new(
        "evt_1", "payment_intent.something", Samples.CardA, 1, "pi_1", status, Samples.Amount, Samples.Usd(captured),
        status == ChargeStatus.Declined ? No : null, status == ChargeStatus.ActionRequired ? Redirect : null);

    private static ResolvePayment Word(PaymentResolution word) => new(word, "Looked it up.", "ann", null, "pi_1");

    private static string NameOf(PaymentStatus status) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static PaymentState Fold(PaymentState? state, PaymentEvent[] events) =>
        events.Aggregate(state, (before, happened) => PaymentMachine.Apply(Samples.Id, before, happened, (state?.Version ?? 0) + 1, At))!;
}

using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Payments;

/// <summary>Captures and cancellations of what was authorised.</summary>
public sealed class PaymentOperationsTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly PaymentError No = new("connector_refused_operation", "No.", null, RetryAdvice.DoNotRetry);
    private static readonly RequestIdentity Request = new("key", "fingerprint");

    [Theory]
    [InlineData(CaptureMethod.Manual, null, 1099, true)]
    [InlineData(CaptureMethod.Manual, 1099L, 1099, true)]
    [InlineData(CaptureMethod.Manual, 1L, 1, true)]
    [InlineData(CaptureMethod.ManualMultiple, null, 1099, true)]
    [InlineData(CaptureMethod.ManualMultiple, 1L, 1, false)]
    [InlineData(CaptureMethod.ManualMultiple, 1099L, 1099, true)]
    public void A_capture_takes_what_was_asked_or_all_and_is_the_last_where_nothing_may_follow(CaptureMethod method, long? asked, long taken, bool isFinal)
    {
        var started = Assert.IsType<CaptureStarted>(PaymentMachine.StartCapture(Authorized(method), new CapturePayment(asked, null)).Value);
        Assert.Equal((1, Samples.Usd(taken), isFinal), (started.Operation, started.Amount, started.IsFinal));
    }

    [Theory]
    [InlineData(1100L)]
    [InlineData(999_999_999_999L)]
    public void More_than_was_authorised_is_refused(long asked)
    {
        var refusal = PaymentMachine.StartCapture(Authorized(CaptureMethod.Manual), new CapturePayment(asked, null)).Refusal!;
        Assert.Equal((RefusalCode.AmountExceedsCapturable, "/amount"), (refusal.Code, refusal.Param));
    }

    [Fact]
    public void More_than_is_left_is_refused()
    {
        var state = After(Capture(Authorized(CaptureMethod.ManualMultiple), 1000), new OperationResult.Done(Samples.Usd(1000)));
        Assert.Equal((PaymentStatus.PartiallyCaptured, 99), (state.Status, state.Capturable.MinorUnits));
        Assert.Equal(RefusalCode.AmountExceedsCapturable, PaymentMachine.StartCapture(state, new CapturePayment(100, null)).Refusal!.Code);
        state = After(Capture(state, null), new OperationResult.Done(Samples.Amount));
        Assert.Equal((PaymentStatus.Captured, Samples.Amount), (state.Status, state.AmountCaptured));
    }

    [Fact]
    public void After_a_part_a_single_capture_leaves_nothing_to_take()
    {
        var state = After(Capture(Authorized(CaptureMethod.Manual), 1000), new OperationResult.Done(Samples.Usd(1000)));
        Assert.Equal((PaymentStatus.PartiallyCaptured, 0), (state.Status, state.Capturable.MinorUnits));
        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.StartCapture(state, new CapturePayment(1, null)).Refusal!.Code);
        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.StartCancel(state, new CancelPayment(null, null)).Refusal!.Code);
    }

    [Fact]
    public void While_one_operation_is_open_every_other_is_refused()
    {
        foreach (var open in new[] { Capture(Authorized(CaptureMethod.ManualMultiple), 1), Cancel(Authorized(CaptureMethod.Manual)) })
        {
            var capture = PaymentMachine.StartCapture(open, new CapturePayment(1, null)).Refusal!;
            Assert.Equal((RefusalCode.InvalidState, "A payment that is processing cannot be captured."), (capture.Code, capture.Detail));
            var cancel = PaymentMachine.StartCancel(open, new CancelPayment(null, null)).Refusal!;
            Assert.Equal((RefusalCode.InvalidState, "A payment that is processing cannot be cancelled."), (cancel.Code, cancel.Detail));
        }
    }

    [Fact]
    public void A_cancellation_releases_and_keeps_the_merchants_words()
    {
        var state = After(Cancel(Authorized(CaptureMethod.Manual)), new OperationResult.Done(Samples.Usd(0)));
        Assert.Equal((PaymentStatus.Cancelled, "out of stock", 0L), (state.Status, state.CancellationReason, state.AmountCaptured.MinorUnits));
        Assert.Null(state.OpenOperation);
    }

    [Fact]
    public void What_the_connector_refuses_leaves_the_payment_as_it_was_and_says_why()
    {
        var state = After(Capture(Authorized(CaptureMethod.Manual), null), new OperationResult.Refused(No));
        Assert.Equal((PaymentStatus.Authorized, No), (state.Status, state.LastError));
        state = After(Capture(Authorized(CaptureMethod.ManualMultiple), 99), new OperationResult.Done(Samples.Usd(99)));
        state = After(Capture(state, null), new OperationResult.Refused(No));
        Assert.Equal((PaymentStatus.PartiallyCaptured, 99L), (state.Status, state.AmountCaptured.MinorUnits));
        Assert.Equal(2, state.Operations);
    }

    [Fact]
    public void Silence_leaves_the_operation_open_and_is_news_only_to_a_caller()
    {
        var open = Capture(Authorized(CaptureMethod.Manual), null);
        var events = PaymentMachine.ConcludeOperation(open, open.OpenOperation!.Number, new OperationResult.Unknown("timeout"), isRepetition: false, Waiting.Caller(null));
        var state = Fold(open, events);
        Assert.Equal(PaymentStatus.Processing, state.Status);
        Assert.NotNull(state.OpenOperation);
        Assert.Empty(PaymentMachine.ConcludeOperation(state, state.OpenOperation!.Number, new OperationResult.Unknown("timeout"), isRepetition: true, Waiting.Nobody));
    }

    [Fact]
    public void That_a_repetition_was_not_sent_says_nothing_of_the_first_sending()
    {
        var open = Capture(Authorized(CaptureMethod.Manual), null);
        Assert.Empty(PaymentMachine.ConcludeOperation(open, open.OpenOperation!.Number, new OperationResult.NotSent(No), isRepetition: true, Waiting.Nobody));
        Assert.Equal(PaymentStatus.Authorized, After(open, new OperationResult.NotSent(No)).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1098)]
    [InlineData(2198)]
    public void An_answer_with_another_sum_decides_nothing(long captured)
    {
        var open = Capture(Authorized(CaptureMethod.Manual), null);
        Assert.Empty(PaymentMachine.ConcludeOperation(open, open.OpenOperation!.Number, new OperationResult.Done(Samples.Usd(captured)), isRepetition: true, Waiting.Nobody));
    }

    [Fact]
    public void A_request_with_a_key_is_remembered_with_its_answer()
    {
        var open = Fold(Authorized(CaptureMethod.Manual), [PaymentMachine.StartCapture(Authorized(CaptureMethod.Manual), new CapturePayment(null, Request)).Value]);
        Assert.Equal(new OperationRequest("fingerprint", 1, null), open.Requests["key"]);
        var events = PaymentMachine.ConcludeOperation(open, 1, new OperationResult.Done(Samples.Amount), isRepetition: false, Waiting.Caller(Request));
        var answer = Fold(open, events).Requests["key"].Answer!;
        Assert.Equal((PaymentStatus.Captured, 4), (answer.Status, answer.Version));
    }

    [Theory]
    [InlineData(CaptureMethod.Automatic)]
    [InlineData(CaptureMethod.Manual)]
    public void Nothing_can_be_captured_or_cancelled_before_it_is_authorised(CaptureMethod method)
    {
        var state = Opened(method);
        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.StartCapture(state, new CapturePayment(null, null)).Refusal!.Code);
        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.StartCancel(state, new CancelPayment(null, null)).Refusal!.Code);
    }

    [Fact]
    public void The_number_of_operations_is_bounded()
    {
        var state = Authorized(CaptureMethod.ManualMultiple);
        for (var i = 0; i < PaymentMachine.MaxOperations; i++) state = After(Capture(state, 1), new OperationResult.Refused(No));
        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.StartCapture(state, new CapturePayment(1, null)).Refusal!.Code);
        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.StartCancel(state, new CancelPayment(null, null)).Refusal!.Code);
    }

    private static PaymentState Opened(CaptureMethod method) =>
        Fold(null, PaymentMachine.Open(Samples.Command() with { CaptureMethod = method }, Samples.Decision(), Samples.CardA, returnUrl: null));

    private static PaymentState Authorized(CaptureMethod method)
    {
        var opened = Opened(method);
        return Fold(opened, PaymentMachine.Conclude(
            opened, 1, new ChargeResult.Authorized("pi_1", Samples.Amount), notFoundIsFinal: false, Waiting.Creator, At));
    }

    private static PaymentState Capture(PaymentState state, long? amount) => Fold(state, [PaymentMachine.StartCapture(state, new CapturePayment(amount, null)).Value]);

    private static PaymentState Cancel(PaymentState state) => Fold(state, [PaymentMachine.StartCancel(state, new CancelPayment("out of stock", null)).Value]);

    private static PaymentState After(PaymentState open, OperationResult result) =>
        Fold(open, PaymentMachine.ConcludeOperation(open, open.OpenOperation!.Number, result, isRepetition: false, Waiting.Caller(null)));

    private static PaymentState Fold(PaymentState? state, PaymentEvent[] events) =>
        events.Aggregate(state, (before, happened) => PaymentMachine.Apply(Samples.Id, before, happened, (state?.Version ?? 0) + 1, At))!;
}

using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// What was acknowledged of one payment, checked as it comes: it is durable, no answer is older than one that was given before it was asked for, and a repeated request is answered the same.
/// </summary>
internal sealed class AnswerBook(PaymentWorld world)
{
    private PaymentView? _newest;
    private PaymentView? _created;

    /// <summary>The newest answer so far; to be taken before a question is asked.</summary>
    public PaymentView? Mark => _newest;

    /// <summary>The answer to a creation.</summary>
    /// <param name="before">The mark from before it was sent.</param>
    public void Created(CreatePaymentResult result, PaymentView? before)
    {
        var view = result.Payment;
        world.Books.CheckAnswer(view);
        world.Loop.Note($"told: {view.Id} is {view.Status}, version {view.Version}{(result.Replayed ? ", again" : "")}");
        if (_created is { } first && first.Status != PaymentStatus.Processing && Differs(first, view))
            world.Fail($"{view.Id} was answered as {Told(first)} and to the same request again as {Told(view)}");
        if (before is { } known && !result.Replayed) CheckNotOlder(known, view);
        _created ??= view;
        Keep(view);
    }

    /// <summary>The answer to a confirmation, a capture, a cancellation or a resolution.</summary>
    /// <param name="earlier">The answer to the same request before; null for the first.</param>
    public void Operated(PaymentAnswer answer, PaymentView? earlier, PaymentView? before)
    {
        var view = answer.Payment;
        world.Books.CheckAnswer(view);
        world.Loop.Note($"told: {view.Id} is {view.Status}, version {view.Version}{(answer.Replayed ? ", again" : "")}");
        if (earlier is { } first && first.Status != PaymentStatus.Processing && Differs(first, view))
            world.Fail($"an operation on {view.Id} was answered as {Told(first)} and the same request again as {Told(view)}");
        if (before is { } known && !answer.Replayed) CheckNotOlder(known, view);
        Keep(view);
    }

    public void Read(PaymentId id, PaymentView? view, PaymentView? before)
    {
        if (view is null)
        {
            if (before is not null) world.Fail($"{id} was acknowledged as {Told(before)} and is gone");
            return;
        }

        world.Books.CheckAnswer(view);
        if (before is not null) CheckNotOlder(before, view);
        Keep(view);
    }

    /// <summary>Compares what was acknowledged with what is durable in the end.</summary>
    public void CheckAgainst(PaymentId id, PaymentView? durable)
    {
        if (_newest is not { } told) return;
        if (durable is null) world.Fail($"{id} was acknowledged as {Told(told)} and is not in the journal");
        else CheckNotOlder(told, durable);
    }

    private void CheckNotOlder(PaymentView earlier, PaymentView later)
    {
        if (later.Version < earlier.Version) world.Fail($"{later.Id} was {Told(earlier)} and later {Told(later)}");
        else if (earlier.Version == later.Version && Differs(earlier, later)) world.Fail($"{later.Id} is both {Told(earlier)} and {Told(later)}");
    }

    private void Keep(PaymentView view)
    {
        if (_newest is null || view.Version > _newest.Version) _newest = view;
    }

    /// <summary>Nothing but a person's word on a charge that surfaced leads out of it.</summary>
    public static bool IsFinal(PaymentView view) => view.Status is PaymentStatus.Captured or PaymentStatus.Declined or PaymentStatus.Failed or PaymentStatus.Cancelled;

    /// <summary>Whether two are not the same version of a payment.</summary>
    public static bool Differs(PaymentView one, PaymentView other) =>
        (one.Status, one.Amount, one.AmountCaptured, one.Connector, one.ConnectorReference, one.LastError, one.NextAction, one.ExpiresAt, one.WorkItem?.Reason, one.Version, one.UpdatedAt)
        != (other.Status, other.Amount, other.AmountCaptured, other.Connector, other.ConnectorReference, other.LastError, other.NextAction, other.ExpiresAt, other.WorkItem?.Reason, other.Version, other.UpdatedAt);

    private static string Told(PaymentView view) => $"{view.Status} (version {view.Version}, captured {view.AmountCaptured})";
}

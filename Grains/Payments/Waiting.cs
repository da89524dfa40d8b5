using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>Who hears of what is being recorded. What answers a caller is recorded with the answer, so that the repetition of its request is answered the same.</summary>
internal readonly record struct Waiting
{
    private Waiting(PaymentEvent? mark)
    {
        IsSomeone = true;
        Mark = mark;
    }

    public static Waiting Nobody => default;

    /// <summary>The caller that created the payment.</summary>
    public static Waiting Creator => new(new CallerAnswered());

    public bool IsSomeone { get; }

    private PaymentEvent? Mark { get; }

    /// <summary>A caller of an operation on the payment.</summary>
    /// <param name="request">Null for one whose request cannot be repeated.</param>
    public static Waiting Caller(RequestIdentity? request) => new(request is null ? null : new OperationAnswered(request.Key));

    /// <summary>What happened, and that it was told.</summary>
    public PaymentEvent[] Hears(params ReadOnlySpan<PaymentEvent> happened) => Mark is null ? [.. happened] : [.. happened, Mark];
}

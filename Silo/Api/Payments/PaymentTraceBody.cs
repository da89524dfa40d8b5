using System.Collections.Immutable;
using OrleansPayments.Payments;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Everything that happened to a payment, oldest first.</summary>
internal sealed record PaymentTracesBody(ImmutableArray<PaymentTraceBody> Data)
{
    public static PaymentTracesBody Of(PaymentTraces traces) => new([.. traces.Traces.Select(PaymentTraceBody.Of)]);
}

internal sealed record PaymentTraceBody(
    int Sequence,
    DateTimeOffset At,
    string Event,
    PaymentStatus Status,
    int? Attempt,
    string? Connector,
    long? DurationMs,
    string? ErrorCode,
    string? ErrorMessage,
    ImmutableSortedDictionary<string, string>? Request,
    ImmutableSortedDictionary<string, string>? Response)
{
    public static PaymentTraceBody Of(PaymentTrace trace) => new(
        trace.Sequence, trace.At, trace.Event, trace.Status, trace.Attempt, trace.Connector, trace.DurationMs, trace.ErrorCode, trace.ErrorMessage, trace.Request,
        trace.Response);
}

using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Callbacks;

/// <summary>
/// Takes in what providers send. Anybody may send anything here: a message has a bounded length, a bounded time to arrive and one of a bounded number of places, and
/// none of it is logged. It is acknowledged only when what it brings about is durable; everything else makes the provider send it again.
/// </summary>
internal sealed partial class CallbackIntake(
    CallbackReader reader, IGrainFactory grains, IOptions<ApiOptions> options, TimeProvider time, ILogger<CallbackIntake> logger) : IDisposable
{
    /// <summary>In bytes.</summary>
    public const int MaxLength = 256 * 1024;

    private static readonly JsonAnswer<CallbackBody> Received = JsonAnswer.Ok(new CallbackBody(true), ApiJson.Default.CallbackBody);

    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.Value.CallbackBodyTimeoutMs);

    private readonly ConcurrencyLimiter _places = new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaxCallbacksInFlight, QueueLimit = 0 });

    public async Task<IResult> TakeAsync(HttpContext http, string connector)
    {
        if (!ConnectorName.TryParse(connector, out var name)) return NoSuchConnector();

        // Before the body and not behind it, unlike for payments: who sends here is not known yet, and all who do share this much memory.
        using var place = _places.AttemptAcquire();
        if (!place.IsAcquired) return new ProblemAnswer(ProblemCatalogue.Overloaded.With("Too many callbacks are being taken in at once."));

        if (!(await ReadAsync(http)).TryGet(out var body, out var problem)) return new ProblemAnswer(problem);
        using (body)
        {
            var request = new CallbackRequest { Headers = HeadersOf(http.Request), Body = body.Memory, ReceivedAt = time.GetUtcNow() };
            return await ActAsync(name, await reader.Read(name, request));
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<IResult> ActAsync(ConnectorName connector, CallbackReading? reading)
    {
        switch (reading)
        {
            case null:
                return NoSuchConnector();
            case CallbackReading.Refused refused:
                // Why is for the operator: a forger learns nothing.
                LogRefused(connector, refused.Reason);
                return new ProblemAnswer(ProblemCatalogue.InvalidSignature.With("The message is not proven to come from the provider."));
            case CallbackReading.Malformed malformed:
                LogMalformed(connector, malformed.Reason);
                return new ProblemAnswer(ProblemCatalogue.InvalidRequest.With("The message cannot be read."));
            case CallbackReading.Ignored ignored:
                LogIgnored(connector, ignored.EventType);
                return Received;
            case CallbackReading.About about:
                await NotifyAsync(connector, about);
                return Received;
            default:
                throw new InvalidOperationException($"Unknown reading {reading.GetType().Name}.");
        }
    }

    private async Task NotifyAsync(ConnectorName connector, CallbackReading.About about)
    {
        var payment = grains.Payment(about.Payment);
        if (await payment.Get() is null)
        {
            // Sending it again would not make the payment exist: it may belong to another installation with the same account at the provider.
            LogUnknownPayment(connector, about.Payment);
            return;
        }

        var hadEffect = await payment.Notify(about.Notice);
        LogTaken(connector, about.Notice.EventType, about.Payment, hadEffect);
    }

    private async Task<Validated<BodyBytes>> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxLength;
        using var patience = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, http.RequestAborted);
        try
        {
            return await BodyBytes.ReadAsync(http.Request, MaxLength, either.Token) is { } body
                ? body
                : ProblemCatalogue.PayloadTooLarge.With($"The body has more than {MaxLength} bytes.");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return ProblemCatalogue.RequestTimeout.With("The body took too long.");
        }
    }

    private static Dictionary<string, string> HeadersOf(HttpRequest request) =>
        request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value.AsEnumerable()), StringComparer.OrdinalIgnoreCase);

    private static ProblemAnswer NoSuchConnector() => new(ProblemCatalogue.NotFound.With("There is no such connector."));

    [LoggerMessage(1, LogLevel.Warning, "A callback to connector {Connector} was refused: {Reason}")]
    private partial void LogRefused(ConnectorName connector, string reason);

    [LoggerMessage(2, LogLevel.Error, "A genuine callback to connector {Connector} cannot be read: {Reason}")]
    private partial void LogMalformed(ConnectorName connector, string reason);

    [LoggerMessage(3, LogLevel.Debug, "A callback to connector {Connector} concerns no payment: {EventType}")]
    private partial void LogIgnored(ConnectorName connector, string eventType);

    [LoggerMessage(4, LogLevel.Warning, "A genuine callback to connector {Connector} names payment {Payment}, which does not exist")]
    private partial void LogUnknownPayment(ConnectorName connector, PaymentId payment);

    [LoggerMessage(5, LogLevel.Debug, "Connector {Connector} says {EventType} of payment {Payment}; had an effect: {HadEffect}")]
    private partial void LogTaken(ConnectorName connector, string eventType, PaymentId payment, bool hadEffect);
}

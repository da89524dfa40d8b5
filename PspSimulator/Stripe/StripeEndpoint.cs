using System.Security.Cryptography;
using System.Text;
using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.Stripe.Operations;
using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Takes every call through the same steps: who, what, faults before, the key, the effect, faults after, the answer.</summary>
internal sealed class StripeEndpoint(TimeProvider time, SimulatedAccounts worlds, StripeAccounts accounts, FaultInjector faults, RandomSource random)
{
    private const string DefaultVersion = StripeEventPublisher.ApiVersion;
    private const string ExpandPrefix = "expand[";
    private const string IdempotencyHeader = "Idempotency-Key";
    private const string VersionHeader = "Stripe-Version";
    private const int MaxKeyLength = 255;
    private const int MaxVersionLength = 40;
    private const int MaxLoggedPath = 200;

    private static readonly StripeReply UnknownUrl = StripeReply.Of(
        StatusCodes.Status404NotFound, StripeError.InvalidRequest("Unrecognized request URL or method. See the simulator's page at / for what it serves."));

    private readonly byte[] _fingerprintKey = RandomNumberGenerator.GetBytes(32);

    /// <param name="operation">Null for a path or method nobody serves.</param>
    public async Task InvokeAsync(HttpContext http, IStripeOperation? operation)
    {
        if (!worlds.TryGet(http.Request.RouteValues["account"] as string, out var world, out var problem))
        {
            JsonAnswer.Write(http.Response, StatusCodes.Status400BadRequest, StripeReply.BadRequest(StripeError.InvalidRequest(problem)), StripeJson.Write);
            return;
        }

        // Headers are given back in the answer, where only printable ASCII may stand.
        var key = Printable(http.Request.Headers[IdempotencyHeader].ToString(), MaxKeyLength);
        var version = Printable(http.Request.Headers[VersionHeader].ToString(), MaxVersionLength);
        var exchange = new Exchange(http, world, random.NextId("req_", 14), key ?? "", string.IsNullOrEmpty(version) ? DefaultVersion : version);
        exchange.Logged = world.Requests.Add(new RequestEntry(
            time.GetUtcNow(), http.Request.Method, Shortened(http.Request.Path.Value ?? ""), string.IsNullOrEmpty(key) ? null : key, Status: 0));

        if (StripeAuthentication.Refuse(http.Request, world.Name) is { } stranger)
        {
            Answer(exchange, stranger);
            return;
        }

        if (operation is null)
        {
            Answer(exchange, UnknownUrl);
            return;
        }

        if (key is null || version is null)
        {
            Answer(exchange, StripeReply.BadRequest(StripeError.InvalidRequest(key is null
                ? $"Invalid {IdempotencyHeader}: it has up to {MaxKeyLength} printable ASCII characters."
                : $"Invalid {VersionHeader}.")));
            return;
        }

        var (fields, unreadable) = await ReadAsync(http.Request);
        if (unreadable is not null)
        {
            Answer(exchange, unreadable);
            return;
        }

        try
        {
            await RunAsync(exchange, operation, fields!);
        }
        catch (OperationCanceledException) when (faults.IsStopping)
        {
            // The host stops in the middle of a delay: no effect and no answer, as when a provider goes down.
            http.Abort();
        }
    }

    private static async ValueTask<(FormFields? Fields, StripeReply? Refusal)> ReadAsync(HttpRequest request)
    {
        FormFields? fields;
        if (HttpMethods.IsGet(request.Method))
        {
            fields = FormFields.Parse(Encoding.UTF8.GetBytes(request.QueryString.HasValue ? request.QueryString.Value![1..] : ""));
            return fields is null ? (null, Unreadable("The query string is not readable.")) : (fields, null);
        }

        var type = request.ContentType;
        if (type is not null && !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return (null, Unreadable("Invalid request: send the parameters as application/x-www-form-urlencoded."));

        try
        {
            fields = await FormFields.ReadAsync(request);
        }
        catch (BadHttpRequestException failure)
        {
            return (null, Unreadable("The body is too large or ends too early.") with { Status = failure.StatusCode });
        }

        return fields is null ? (null, Unreadable("The body is not readable as application/x-www-form-urlencoded.")) : (fields, null);
    }

    private static StripeReply Unreadable(string message) => StripeReply.BadRequest(StripeError.InvalidRequest(message));

    private static string? Printable(string text, int maxLength) =>
        text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : null;

    private static string Shortened(string path) => path.Length <= MaxLoggedPath ? path : path[..MaxLoggedPath];

    private async Task RunAsync(Exchange exchange, IStripeOperation operation, FormFields fields)
    {
        var fault = operation.Kind is { } kind ? exchange.World.Faults.Take(kind) : null;
        if (fault is { PreventsEffect: true })
        {
            // The key stays free: at a real provider such a call never reached the part that remembers keys.
            await faults.DelayAsync(exchange.World, fault);
            await SpoilAsync(exchange, fault);
            return;
        }

        try
        {
            var reply = await ExecuteAsync(exchange, operation, fields, fault);
            await exchange.Callbacks.ArriveEarlyAsync(CallbackSender.LongestEarly, time, faults.Stopping);
            if (fault?.Kind is FaultKind.TimeoutAfter or FaultKind.ResetAfter)
            {
                exchange.Callbacks.Answered();
                await SpoilAsync(exchange, fault);
                return;
            }

            Answer(exchange, reply);
            if (exchange.Callbacks.Any) await exchange.Http.Response.CompleteAsync();
        }
        finally
        {
            exchange.Callbacks.Answered();
        }
    }

    private async ValueTask<StripeReply> ExecuteAsync(Exchange exchange, IStripeOperation operation, FormFields fields, Fault? fault)
    {
        var account = accounts.Of(exchange.World);
        var others = fields.Without(ExpandPrefix, out var expand);
        foreach (var (name, value) in expand)
        {
            if (value is not ("latest_charge" or "data.latest_charge"))
                return StripeReply.BadRequest(StripeError.InvalidRequest("This simulator expands latest_charge only.", param: StripeError.Masked(name)));
        }

        var cause = new StripeCause(exchange.RequestId, exchange.Key.Length > 0 ? exchange.Key : null, exchange.Callbacks);
        var call = new StripeCall(account, others, expand.Count > 0, exchange.Http.Request.RouteValues["id"] as string ?? "", cause, exchange.BaseUrl);
        var keyed = exchange.Key.Length > 0 && HttpMethods.IsPost(operation.Method);
        if (!keyed) return await PrepareAndRunAsync(exchange, operation, call, fault, record: null);

        var fingerprint = fields.Fingerprint(_fingerprintKey, exchange.Http.Request.Path.Value!);
        var claim = account.Idempotency.Claim(exchange.Key, fingerprint, exchange.RequestId, out var record);
        if (claim == IdempotencyClaim.Granted) return await PrepareAndRunAsync(exchange, operation, call, fault, record);

        await faults.DelayAsync(exchange.World, fault);
        if (claim == IdempotencyClaim.Replay)
        {
            exchange.Replayed = record.RequestId;
            return record.Reply!;
        }

        return claim == IdempotencyClaim.InUse ? KeyInUse(exchange) : KeyMismatch(exchange.Key);
    }

    private async ValueTask<StripeReply> PrepareAndRunAsync(
        Exchange exchange, IStripeOperation operation, StripeCall call, Fault? fault, IdempotencyRecord? record)
    {
        var executed = false;
        try
        {
            var prepared = operation.Prepare(call);
            await faults.DelayAsync(exchange.World, fault);
            if (prepared.Refusal is { } refusal) return refusal;

            var reply = prepared.Execute!(CardDecline.AskedBy(fault)) with { ExpandCharge = call.ExpandCharge };
            if (record is not null) call.Account.Idempotency.Complete(exchange.Key, record, reply);
            executed = true;
            return reply;
        }
        finally
        {
            if (record is not null && !executed) call.Account.Idempotency.Release(exchange.Key);
        }
    }

    private async Task SpoilAsync(Exchange exchange, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.TimeoutBefore or FaultKind.TimeoutAfter:
                await faults.HoldAsync(exchange.Http);
                break;
            case FaultKind.ResetBefore or FaultKind.ResetAfter:
                FaultInjector.Reset(exchange.Http);
                break;
            case FaultKind.Http500:
                Answer(exchange, StripeReply.Of(
                    StatusCodes.Status500InternalServerError, new StripeError("api_error", "An unknown error occurred (asked for by a fault).")));
                break;
            case FaultKind.Malformed:
                WriteHeaders(exchange);
                JsonAnswer.Write(exchange.Http.Response, StatusCodes.Status200OK, FaultInjector.MalformedBody);
                exchange.World.Requests.Answered(exchange.Logged, StatusCodes.Status200OK);
                break;
            case FaultKind.Decline or FaultKind.Slow:
            default:
                throw new InvalidOperationException($"A {fault.Kind} fault spoils no answer.");
        }
    }

    private static StripeReply KeyInUse(Exchange exchange)
    {
        exchange.Http.Response.Headers["Stripe-Should-Retry"] = "true";
        return StripeReply.Of(StatusCodes.Status409Conflict, StripeError.InvalidRequest(
            "There is another request in progress with this idempotency key.", "idempotency_key_in_use"));
    }

    private static StripeReply KeyMismatch(string key) => StripeReply.BadRequest(new StripeError(
        "idempotency_error",
        $"This idempotency key was first used with other parameters or another path: '{StripeError.Masked(key)}'. Use a new key for a new request."));

    private static void Answer(Exchange exchange, StripeReply reply)
    {
        WriteHeaders(exchange);
        JsonAnswer.Write(exchange.Http.Response, reply.Status, reply, StripeJson.Write);
        if (!exchange.Http.RequestAborted.IsCancellationRequested) exchange.World.Requests.Answered(exchange.Logged, reply.Status);
    }

    private static void WriteHeaders(Exchange exchange)
    {
        var headers = exchange.Http.Response.Headers;
        headers["Request-Id"] = exchange.RequestId;
        headers[VersionHeader] = exchange.Version;
        if (exchange.Key.Length > 0) headers[IdempotencyHeader] = exchange.Key;
        if (exchange.Replayed is null) return;
        headers["Idempotent-Replayed"] = "true";
        headers["Original-Request"] = exchange.Replayed;
    }

    /// <summary>One call on its way.</summary>
    private sealed class Exchange(HttpContext http, Account world, string requestId, string key, string version)
    {
        public HttpContext Http { get; } = http;

        public Account World { get; } = world;

        public string RequestId { get; } = requestId;

        /// <summary>The idempotency key; empty for none.</summary>
        public string Key { get; } = key;

        /// <summary>The API version asked for, given back as it came.</summary>
        public string Version { get; } = version;

        /// <summary>What it causes.</summary>
        public CallbackBatch Callbacks { get; } = new();

        /// <summary>Its position in the request log.</summary>
        public long Logged { get; set; }

        /// <summary>The request whose answer is given again; null if this one was executed.</summary>
        public string? Replayed { get; set; }

        public string BaseUrl => $"{Http.Request.Scheme}://{Http.Request.Host}/{StripeProvider.ProviderName}/{World.Name}";
    }
}

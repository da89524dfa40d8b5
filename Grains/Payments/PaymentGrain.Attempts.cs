using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

// Attempts: sent once, passed on to the next candidate where that is safe, and sent again only as a question.
internal sealed partial class PaymentGrain
{
    // The caller's call ends after 30 s. What is left is for the way here and the last writes.
    private static readonly TimeSpan LongestSending = TimeSpan.FromSeconds(25);

    // A notice that the open attempt was declined waits for the answer to it.
    private bool _mayPassOn;

    // What the provider told of the open attempt, which so has arrived there: that it is pending or, weightier, declined. Null when it told nothing.
    private ChargeNotice? _told;

    /// <summary>Sends the attempt that was just recorded, and after it those at other connectors, each recorded before it is sent.</summary>
    /// <param name="begun">When the call began that waits for it.</param>
    private async Task SendFirst(ConnectorPermit permit, CardDetails card, RoutingDecision decision, long begun, Waiting waiting)
    {
        var settings = decision.Failover ?? FailoverSettings.Default;
        var wasDeclined = false;
        try
        {
            for (var sent = 1; State is { OpenAttempt: { } open } state; sent++)
            {
                (_told, _mayPassOn) = (null, sent < settings.MaxAttempts);
                _inquiry = permit.Settings.Inquiry;
                var result = await Send(permit, RequestOf(state, open, card));
                LogAnswered(Id, open.Number, permit.Connector.Value, result.GetType().Name);

                var reason = _mayPassOn ? Failover.ReasonOf(result, settings, wasDeclined) : null;
                wasDeclined |= result is ChargeResult.Declined;
                if (reason is not null && await PassOn(open.Number, result, reason, decision, permit, begun) is var (rest, next))
                {
                    (decision, permit) = (rest, next);
                    continue;
                }

                _mayPassOn = false;
                await ConcludeFirst(open.Number, result, waiting);
                return;
            }

            // Something ended the attempt while it was recorded.
            GiveBack(permit);
        }
        finally
        {
            _mayPassOn = false;
            Watch();
            GiveUpPassed();
        }
    }

    // A notice that waited is heard before an answer that does not decide, so that the caller hears what it told, and after one that does.
    private async Task ConcludeFirst(int attempt, ChargeResult result, Waiting waiting)
    {
        var conclusion = PaymentMachine.JudgeFirst(State!, result, isTold: _told is not null);
        if (_told is { } earlier && (conclusion is ChargeResult.Unknown || (conclusion is ChargeResult.Pending && earlier.Status == ChargeStatus.Declined)))
            await Decide(now => PaymentMachine.Observe(now, earlier, ActBefore));
        await Decide(now => PaymentMachine.Conclude(now, attempt, PaymentMachine.JudgeFirst(now, result, isTold: _told is not null), notFoundIsFinal: false, waiting, ActBefore));
        if (_told is { Status: ChargeStatus.Declined } told) await Decide(now => PaymentMachine.Observe(now, told, ActBefore));
    }

    /// <summary>Sends the open attempt again, under its own reference. Whatever comes of it, it is not passed on: nobody knows what became of the first sending.</summary>
    private async Task SendAgain(ConnectorPermit permit, CardDetails card, Waiting waiting)
    {
        // A notice may have ended it while the permit was asked for.
        if (State is not { OpenAttempt: { } open } state)
        {
            GiveBack(permit);
            return;
        }

        try
        {
            var result = await Send(permit, RequestOf(state, open, card));
            LogAnswered(Id, open.Number, permit.Connector.Value, result.GetType().Name);
            var conclusion = PaymentMachine.JudgeRepetition(result);
            await Decide(now => PaymentMachine.Conclude(now, open.Number, conclusion, notFoundIsFinal: false, waiting, ActBefore));
        }
        finally
        {
            Watch();
        }
    }

    // Null when the payment is to end with what the attempt came to.
    private async Task<(RoutingDecision Decision, ConnectorPermit Permit)?> PassOn(
        int attempt, ChargeResult refused, string reason, RoutingDecision decision, ConnectorPermit tried, long begun)
    {
        // Against its provider's own word, a notice counts for more than a connection that broke or a refusal of another request.
        if (_told is not null && refused is not ChargeResult.Declined) return null;

        var (rest, next) = await FindNext(attempt, decision.Without(tried.Connector.Value, reason), begun);
        if (next is null) return null;

        var returnUrl = ReturnAddressFor(State!.ReturnUrl);
        var isPassedOn = false;
        await OrGiveBack(next, Decide(now =>
        {
            var events = PaymentMachine.PassOn(now, attempt, refused, reason, rest, next.Connector, returnUrl, next.CredentialsVersion);
            isPassedOn = events.Length > 0;
            return events;
        }));
        if (!isPassedOn)
        {
            GiveBack(next);
            return null;
        }

        LogPassedOn(Id, attempt, tried.Connector.Value, reason, next.Connector.Value);
        return (rest, next);
    }

    // What the attempt came to is known and must be recorded, whatever keeps another connector from being asked.
    private async Task<(RoutingDecision Decision, ConnectorPermit? Permit)> FindNext(int attempt, RoutingDecision decision, long begun)
    {
        try
        {
            return await FindWilling(decision, begun);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNextNotAsked(e, Id, attempt);
            return (decision, null);
        }
    }

    private ChargeRequest RequestOf(PaymentState state, OpenAttempt open, CardDetails card) => new()
    {
        PaymentId = Id,
        MerchantId = state.MerchantId,
        Reference = new AttemptReference(Id, open.Number),
        Amount = state.Amount,
        Card = card,
        CaptureMethod = state.CaptureMethod,
        ReturnUrl = open.ReturnUrl,
        Description = state.Description,
        MerchantOrderId = state.MerchantOrderId,
    };

    private async Task<ChargeResult> Send(ConnectorPermit permit, ChargeRequest request)
    {
        _sending = true;
        var begun = time.GetTimestamp();
        try
        {
            var result = await connectors.Charge(permit, request);
            Report(permit, ChargeOutcomes.Of(result), time.GetElapsedTime(begun));
            return result;
        }
        finally
        {
            _sending = false;
            _silentSince = time.GetTimestamp();
        }
    }

    private async Task<(RoutingDecision Decision, ConnectorPermit? Permit)> Route(
        MerchantId merchant, Money amount, string? preferred, CardSummary card, ImmutableSortedDictionary<string, string> metadata, string? country)
    {
        var request = new RoutingRequest(Id, merchant, amount, "card", preferred, card.Brand, card.Bin, metadata, country);
        return await FindWilling(await GrainFactory.Routing().Choose(request), begun: null);
    }

    // A candidate that gives no leave was sent nothing, so the next one may be asked. The decision tells each refusal, and its first candidate granted.
    private async Task<(RoutingDecision Decision, ConnectorPermit? Permit)> FindWilling(RoutingDecision decision, long? begun)
    {
        while (decision.Chosen is { } candidate)
        {
            var answer = await GrainFactory.Connector(ConnectorName.Parse(candidate)).RequestChargePermit();
            if (answer.Permit is not { } permit)
            {
                decision = decision.Without(candidate, answer.Refusal!.Value.ToReason());
            }
            else if (begun is { } since && time.GetElapsedTime(since) + TimeSpan.FromMilliseconds(permit.Settings.TimeoutMs) > LongestSending)
            {
                GiveBack(permit);
                decision = decision.Without(candidate, RoutingReasons.NoTimeLeft);
            }
            else
            {
                return (decision, permit);
            }
        }

        return (decision, null);
    }
}

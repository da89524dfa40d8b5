using Orleans.Simulation;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>Compares what providers did with what the journal says: at each effect, at each commit, and once more when everything has come to rest.</summary>
internal sealed class Books(PaymentWorld world, JournalStore store, IReadOnlyList<ProviderServer> providers, Hearsay hearsay)
{
    private readonly Dictionary<string, PaymentRecord> _records = new(StringComparer.Ordinal);
    private readonly HashSet<PaymentId> _excused = [];

    /// <summary>What is durable of a payment now.</summary>
    public PaymentRecord Record(PaymentId id)
    {
        if (!_records.TryGetValue(id.Value, out var record)) _records.Add(id.Value, record = new PaymentRecord(id));
        record.CatchUp(store.Entries(id.Value));
        return record;
    }

    /// <summary>The charges of a payment over all providers.</summary>
    public List<Charge> ChargesOf(PaymentId id) => [.. providers.SelectMany(provider => provider.Charges).Where(charge => charge.Reference.PaymentId == id)];

    /// <summary>A person has ended the payment by what the books show now, while something may still be on its way.</summary>
    public void Excuse(PaymentId id)
    {
        world.Loop.Note($"{id} is excused: its operator did not wait");
        _excused.Add(id);
    }

    /// <summary>
    /// A charge is sent. Its attempt is durable and this provider's, and of every attempt before it the end is durable, an answer has said that nothing was taken, and
    /// nothing can come of it any more.
    /// </summary>
    public void OnSend(ProviderServer provider, AttemptReference attempt)
    {
        var record = Record(attempt.PaymentId);
        var started = record.Events.FirstOrDefault(happened => happened.Type == "attempt.started" && happened.Number("attempt") == attempt.Attempt);
        if (started is null) world.Fail($"{attempt} was sent to {provider.Name} before it was durable");
        else if (started.Text("connector") != provider.Name) world.Fail($"{attempt} was sent to {provider.Name} and is an attempt at {started.Text("connector")}");
        for (var number = 1; number < attempt.Attempt; number++)
        {
            var earlier = attempt with { Attempt = number };
            if (!record.IsPassedOn(number)) world.Fail($"{attempt} was sent to {provider.Name} before the end of {earlier} was durable");
            if (!hearsay.IsKnownToHaveTakenNothing(earlier)) world.Fail($"{attempt} was sent to {provider.Name} and nobody knows what became of {earlier}");
            if (providers.Any(other => other.IsOnItsWay(earlier))) world.Fail($"{attempt} was sent to {provider.Name} while {earlier} was on its way");
            if (ChargesOf(attempt.PaymentId).Any(charge => charge.Reference == earlier && !charge.IsExcused && (charge.HasFunds || charge.IsOpen)))
                world.Fail($"{attempt} was sent to {provider.Name} while {earlier} had its funds, or could get them");
        }
    }

    /// <summary>A charge is taken or approved now. There must be a durable attempt for it, still without an outcome, at this provider.</summary>
    public void OnEffect(ProviderServer provider, Charge charge)
    {
        var record = Record(charge.Reference.PaymentId);
        var attempt = record.Events.FirstOrDefault(happened => happened.Type == "attempt.started" && happened.Number("attempt") == charge.Reference.Attempt);
        charge.IsExcused |= _excused.Contains(charge.Reference.PaymentId);
        if (attempt is null) world.Fail($"{provider.Name} charged {charge.Reference} before the attempt was durable");
        else if (attempt.Text("connector") != provider.Name)
        {
            world.Fail($"{provider.Name} charged {charge.Reference}, an attempt at {attempt.Text("connector")} whose outcome nobody knows");
        }
        else if (charge.Captured.MinorUnits > charge.Amount.MinorUnits) world.Fail($"{provider.Name} took more than the amount of {charge.Reference}");
        else if (charge.Changes == 1 && !charge.IsExcused && record.View!.Status != PaymentStatus.Processing)
        {
            world.Fail($"{provider.Name} charged {charge.Reference} after the payment had ended as {record.View.Status}");
        }
    }

    /// <summary>A capture or cancellation arrives for the first time: it must be durable, and ask for no more than is there.</summary>
    public void OnOperation(ProviderServer provider, Charge charge, OperationReference reference, Money? amount)
    {
        var id = reference.Attempt.PaymentId;
        charge.IsExcused |= _excused.Contains(id);
        if (amount is null && Record(id).IsPassedOn(charge.Reference.Attempt)) return;

        var started = Record(id).Events
            .FirstOrDefault(happened => happened.Type is "capture.started" or "cancel.started" && happened.Number("operation") == reference.Number);
        if (started is null) world.Fail($"{provider.Name} got {reference} before it was durable");
        else if ((started.Type == "capture.started") != amount is not null) world.Fail($"{provider.Name} got {reference}, and the journal says otherwise");
        else if (amount is { } asked && !charge.IsExcused && (charge.Captured + asked).MinorUnits > charge.Amount.MinorUnits)
        {
            world.Fail($"{provider.Name} was asked by {reference} to capture more than the amount");
        }
    }

    /// <summary>A new version of a payment is durable.</summary>
    public void OnCommit(PaymentId id)
    {
        var record = Record(id);
        var after = record.View!;
        var before = after.Version > 1 ? record.At(after.Version - 1) : null;
        CheckEvents(id, record, after.Version);
        if (before is not null) CheckStep(before, after, record.EventsOf(after.Version).Any(happened => happened.Type == "work_item.resolved"));
        if (before?.Status != after.Status || before?.AmountCaptured != after.AmountCaptured) CheckTruth(after);
    }

    /// <summary>What somebody is told must be durable, and so.</summary>
    public void CheckAnswer(PaymentView told)
    {
        var record = Record(told.Id);
        if (!record.HasVersion(told.Version)) world.Fail($"{told.Id} was told as version {told.Version}, which is not durable");
        else if (AnswerBook.Differs(record.At(told.Version), told)) world.Fail($"{told.Id} was told as {told.Status} and is {record.At(told.Version).Status} in version {told.Version}");
    }

    /// <summary>Everything has come to rest: each payment has an outcome, and it is the providers'.</summary>
    public void CheckAtRest(IEnumerable<Shopper> shoppers)
    {
        foreach (var shopper in shoppers)
        {
            var durable = Record(shopper.Id).View;
            shopper.Answers.CheckAgainst(shopper.Id, durable);
            Compare(shopper.Id, durable, ChargesOf(shopper.Id));
        }
    }

    private void CheckEvents(PaymentId id, PaymentRecord record, int version)
    {
        var now = record.EventsOf(version).ToList();
        var earlier = record.Events.Where(happened => happened.Version < version);
        var notice = now.FirstOrDefault(happened => happened.Type == "charge.noticed");
        if (notice is not null && earlier.Any(happened => happened.Type == "charge.noticed" && happened.Text("event_id") == notice.Text("event_id")))
        {
            world.Fail($"{id}: the notice {notice.Text("event_id")} had an effect twice");
        }

        CheckAttempts(record, now);
        if (now.All(happened => happened.Type != "attempt.action_required")) return;
        if (notice is not null && earlier.Any(happened => happened.Type == "attempt.action_required")) world.Fail($"{id}: an old notice asked the payer again");
        var pending = earlier.LastOrDefault(happened => happened.Type == "attempt.outcome_unknown" && happened.Text("reason") == "pending_at_connector");
        if (pending is not null && record.At(pending.Version - 1).Status == PaymentStatus.RequiresAction) world.Fail($"{id}: the payer was asked again after it had acted");
    }

    private void CheckAttempts(PaymentRecord record, List<Happened> now)
    {
        var failover = world.FailoverOf(record.View!.MerchantId);
        if (record.LastAttempt > failover.MaxAttempts) world.Fail($"{record.View.Id} has {record.LastAttempt} attempts, and its merchant allows {failover.MaxAttempts}");
        if (now.FirstOrDefault(happened => happened.Type == "attempt.passed_on") is not { } passed) return;

        // The card's own fault is the same everywhere.
        var number = passed.Number("attempt");
        if (passed.Text("reason") == "declined" && !failover.OnDecline) world.Fail($"{record.View.Id} was passed on after a decline, and its merchant does not want that");
        if (passed.Text("reason") == "declined" && ChargesOf(record.View.Id).All(charge => charge.Reference.Attempt != number || charge.Fate != CardFate.DeclinedForNow))
            world.Fail($"attempt {number} of {record.View.Id} was passed on, and its card was declined for good");
        if (now.All(happened => happened.Type != "attempt.started" || happened.Number("attempt") != number + 1))
            world.Fail($"attempt {number} of {record.View.Id} was passed on, and the next one was not started with it");
        var connectors = record.Events.Where(happened => happened.Type == "attempt.started").Select(happened => happened.Text("connector")).ToList();
        if (connectors.Distinct(StringComparer.Ordinal).Count() < connectors.Count) world.Fail($"{record.View.Id} went to the same connector twice");
    }

    private void CheckStep(PaymentView before, PaymentView after, bool byPerson)
    {
        if (after.AmountCaptured.MinorUnits < before.AmountCaptured.MinorUnits) world.Fail($"{after.Id} had {before.AmountCaptured} captured and now {after.AmountCaptured}");
        if (after.AmountCaptured.MinorUnits > after.Amount.MinorUnits) world.Fail($"{after.Id} has more captured than its amount");
        if (AnswerBook.IsFinal(before) && before.Status != after.Status && !byPerson) world.Fail($"{after.Id} had ended as {before.Status} and became {after.Status}");
        if (after.Status == PaymentStatus.Created) world.Fail($"{after.Id} was {before.Status} and became created");
    }

    // What is said is true in the moment in which it is written: none of it is said on a guess.
    private void CheckTruth(PaymentView said)
    {
        var charges = ChargesOf(said.Id);
        var own = charges.Where(charge => charge.Id == said.ConnectorReference).ToList();
        switch (said.Status)
        {
            case PaymentStatus.Captured or PaymentStatus.PartiallyCaptured when own is not [{ HasFunds: true } charge] || charge.Captured.MinorUnits < said.AmountCaptured.MinorUnits:
            case PaymentStatus.Authorized when own is not [{ WasApproved: true, IsManual: true }]:
                world.Fail($"{said.Id} was written as {said.Status} with {said.AmountCaptured} captured, which the provider did not do");
                break;
            case PaymentStatus.Cancelled or PaymentStatus.Failed or PaymentStatus.Declined when charges.Any(charge => !charge.IsExcused && (charge.HasFunds || charge.IsOpen)):
                world.Fail($"{said.Id} was written as {said.Status} while the provider {(charges[^1].IsOpen ? "may still take" : "has")} the funds");
                break;
        }
    }

    private void Compare(PaymentId id, PaymentView? durable, List<Charge> all)
    {
        // Of an attempt that was passed on a person has heard, and has given it back.
        var record = Record(id);
        foreach (var left in all.Where(charge => record.IsPassedOn(charge.Reference.Attempt) && charge.HasFunds))
            world.Fail($"{left.Id} of attempt {left.Reference.Attempt} of {id}, which was passed on, has its funds; it {(record.Surfaced.Contains(left.Reference.Attempt) ? "waits for" : "surfaced to")} {(record.Surfaced.Contains(left.Reference.Attempt) ? "a person" : "nobody")}");
        var charges = all.Where(charge => !record.IsPassedOn(charge.Reference.Attempt)).ToList();
        var approved = charges.Where(charge => charge.WasApproved).ToList();
        if (approved.Count > 1) world.Fail($"{id} was charged {approved.Count} times: {string.Join(", ", approved.Select(charge => charge.Id))}");

        // What nobody could know, and what no notice told of, only a reconciliation with the provider's books can find.
        if (charges.Any(charge => charge.IsExcused && charge.Told < charge.Changes)) return;

        switch (durable?.Status)
        {
            case null when charges.Count > 0:
                world.Fail($"{id} was charged as {charges[0].Id} and is not in the journal");
                break;
            case null:
                break;
            case PaymentStatus.Created when durable.ExpiresAt > SimulationLoop.Epoch + world.Loop.Elapsed && charges.Count == 0:
                break;
            case PaymentStatus.Captured or PaymentStatus.PartiallyCaptured or PaymentStatus.Authorized when approved.Count != 1:
                world.Fail($"{id} ended as {durable.Status}, and no provider has a charge");
                break;
            case PaymentStatus.Captured or PaymentStatus.PartiallyCaptured or PaymentStatus.Authorized:
                Compare(durable, approved[0]);
                break;
            case PaymentStatus.Cancelled or PaymentStatus.Declined or PaymentStatus.Failed when durable.WorkItem is null && charges.Any(charge => charge.HasFunds):
                world.Fail($"{id} ended as {durable.Status}, and {charges[0].Id} has its funds");
                break;
            case PaymentStatus.Created or PaymentStatus.Processing or PaymentStatus.RequiresAction:
                world.Fail($"{id} has no outcome and is {durable.Status}");
                break;
        }
    }

    private void Compare(PaymentView durable, Charge charge)
    {
        var agree = durable.ConnectorReference == charge.Id
            && durable.AmountCaptured == charge.Captured
            && durable.Status switch
            {
                PaymentStatus.Captured => charge.Captured == charge.Amount,
                PaymentStatus.PartiallyCaptured => charge.Captured.MinorUnits > 0 && charge.Captured.MinorUnits < charge.Amount.MinorUnits,
                _ => charge.Captured.MinorUnits == 0 && !charge.IsReleased,
            };
        if (!agree) world.Fail($"{durable.Id} ended as {durable.Status} with {durable.AmountCaptured} captured; the provider captured {charge.Captured} and {(charge.IsReleased ? "released" : "holds")} the rest");
    }
}

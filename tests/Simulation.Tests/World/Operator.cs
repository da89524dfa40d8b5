using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// The person who resolves work items: looks into the provider's books and says what is there. What is not there is said to be not done only when it cannot be on its
/// way any more, except by an operator in a hurry.
/// </summary>
internal sealed class Operator(PaymentWorld world, SeededRandom random, bool isHasty)
{
    /// <summary>Resolves what can be told of it now.</summary>
    public async Task LookInto(PaymentView view, AnswerBook answers)
    {
        if (Find(view) is not { } found) return;
        var identity = random.Chance(0.5) ? new RequestIdentity($"resolution-{view.Version}", $"{found.Resolution}") : null;
        var command = new ResolvePayment(found.Resolution, "Looked it up.", "operator", identity, found.Reference);
        var before = answers.Mark;
        var outcome = await world.Silo.Call(grains => grains.Payment(view.Id).Resolve(command));
        if (outcome.TryGet(out var answer, out var refusal)) answers.Operated(answer, null, before);
        else if (refusal.Code != RefusalCode.InvalidState) world.Fail($"the resolution of {view.Id} was refused: {refusal.Code}");
    }

    private (PaymentResolution Resolution, string? Reference)? Find(PaymentView view)
    {
        var record = world.Books.Record(view.Id);
        if (view.WorkItem!.Reason == WorkItem.ChargeOfPassedAttempt) return OfPassed(view, record);
        var charges = world.Books.ChargesOf(view.Id).Where(charge => !record.IsPassedOn(charge.Reference.Attempt)).ToList();
        if (charges.Count > 1) return null;
        var charge = charges.Count == 1 ? charges[0] : null;
        if (view.Status != PaymentStatus.Processing) return OfSurfaced(charge);
        return world.Books.Record(view.Id).OpenOperation is { } open && charge is not null ? OfOperation(view, charge, open.Number, open.IsCapture) : OfAttempt(view, charge);
    }

    private (PaymentResolution, string?)? OfPassed(PaymentView view, PaymentRecord record)
    {
        foreach (var attempt in record.Surfaced)
        {
            var left = world.Books.ChargesOf(view.Id).Single(charge => charge.Reference.Attempt == attempt);
            left.GiveBack();
            return (left.Captured.MinorUnits > 0 ? PaymentResolution.NotCaptured : PaymentResolution.NotAuthorized, left.Id);
        }

        // Somebody else was faster.
        return null;
    }

    private (PaymentResolution, string?)? OfAttempt(PaymentView view, Charge? charge)
    {
        var isManual = view.CaptureMethod != CaptureMethod.Automatic;
        if (charge is { IsOpen: true }) return null;
        if (charge is { HasFunds: true, Captured.MinorUnits: 0 }) return (PaymentResolution.Authorized, charge.Id);
        if (charge is { HasFunds: true }) return isManual ? null : (PaymentResolution.Captured, charge.Id);
        if (charge is null && !MaySay(view, new AttemptReference(view.Id, world.Books.Record(view.Id).LastAttempt).ToString())) return null;
        return (isManual ? PaymentResolution.NotAuthorized : PaymentResolution.NotCaptured, null);
    }

    private (PaymentResolution, string?)? OfOperation(PaymentView view, Charge charge, int number, bool isCapture)
    {
        var reference = new OperationReference(charge.Reference, isCapture ? "capture" : "cancel", number);
        var result = world.ProviderOf(view).ResultOf(reference);
        if (result is null && !MaySay(view, reference.ToString())) return null;
        var isDone = result is OperationResult.Done || (!isCapture && charge.Status == ChargeStatus.Cancelled);
        return isCapture
            ? (isDone ? PaymentResolution.Captured : PaymentResolution.NotCaptured, null)
            : (isDone ? PaymentResolution.Cancelled : PaymentResolution.NotCancelled, null);
    }

    private (PaymentResolution, string?)? OfSurfaced(Charge? charge)
    {
        if (charge is null || charge.IsOpen) return null;
        var isCaptured = charge.Captured.MinorUnits > 0;
        if (charge.HasFunds && random.Chance(0.5)) return (isCaptured ? PaymentResolution.Captured : PaymentResolution.Authorized, null);
        charge.GiveBack();
        return (isCaptured ? PaymentResolution.NotCaptured : PaymentResolution.NotAuthorized, null);
    }

    private bool MaySay(PaymentView view, string reference)
    {
        var isOver = world.ProviderOf(view).LastSent(reference) is not { } sent || world.Loop.Elapsed - sent > FaultPlan.SettlingWindow;
        if (!isOver && isHasty) world.Books.Excuse(view.Id);
        return isOver || isHasty;
    }
}

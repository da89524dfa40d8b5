namespace OrleansPayments.Grains.Payments;

// The merchant's health is told of the first outcome.
internal sealed partial class PaymentGrain
{
    // In memory is enough: a payment whose outcome is not known stays there until it is, and after a restart the merchant has forgotten, too.
    private bool _outcomeTold;

    // One way: the payment neither waits for it nor fails with it.
    protected override void Recorded(PaymentState? before, PaymentEvent[] events)
    {
        if (_outcomeTold || PaymentOutcomes.FirstOutcome(before, State!, events) is not { } report) return;
        _outcomeTold = true;
        _ = GrainFactory.Merchant(State!.MerchantId).ReportPayment(report);
    }
}

namespace OrleansPayments.Grains.Connectors.Stripe;

// Giving money back. Source: docs.stripe.com/api/refunds/create, /retrieve, /list.
internal sealed partial class StripeProvider
{
    private const int RefundsPerPage = 100;

    /// <summary>Refunds of one intent that are looked through: 1 000.</summary>
    private const int MaxRefundPages = 10;

    public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken)
    {
        if (!StripeAmount.TryFrom(request.Amount, out var amount)) return Task.FromResult<RefundResult>(new RefundResult.Refused(StripeErrors.AmountNotSupported));

        // As with a charge, nothing may depend on the moment. A refund cannot be searched for, but its metadata is in the list of the intent's refunds.
        var form = new StripeForm()
            .Add("payment_intent", request.ConnectorReference)
            .Add("amount", amount)
            .Add("metadata[payment_id]", request.Reference.Attempt.PaymentId.Value)
            .Add("metadata[attempt]", request.Reference.Attempt.ToString())
            .Add($"metadata[{StripeAnswers.RefundKey}]", request.Reference.ToString());
        return Send<RefundResult>(
            access,
            Post(access, "/v1/refunds", request.Reference.ToString(), form),
            (status, body) => StripeAnswers.ToRefund(status, body, request),
            _ => new RefundResult.NotSent(StripeErrors.Unreachable),
            reason => new RefundResult.Unknown(reason),
            cancellationToken);
    }

    public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) =>
        inquiry.RefundReference is { } known
            ? Ask<RefundResult>(
                access,
                "/v1/refunds/" + Uri.EscapeDataString(known),
                (status, body) => StripeAnswers.ToFoundRefund(status, body, inquiry),
                reason => new RefundResult.Unknown(reason),
                cancellationToken)
            : FindRefundInList(access, inquiry, cancellationToken);

    // That there is none is known only when the last page was read; that there is one, too, because a second one under its name would be money given back twice.
    private async Task<RefundResult> FindRefundInList(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken)
    {
        RefundResult found = new RefundResult.NotFound();
        string? next = null;
        for (var page = 0; page < MaxRefundPages; page++)
        {
            var after = next is null ? "" : "&starting_after=" + Uri.EscapeDataString(next);
            var here = await Ask<RefundResult>(
                access,
                $"/v1/refunds?payment_intent={Uri.EscapeDataString(inquiry.ConnectorReference)}&limit={RefundsPerPage}{after}",
                (status, body) => StripeAnswers.ToRefundPage(status, body, inquiry, out next),
                reason => new RefundResult.Unknown(reason),
                cancellationToken);

            if (here is RefundResult.Unknown) return here;
            if (here is not RefundResult.NotFound && found is not RefundResult.NotFound) return new RefundResult.Unknown("contradictory_answer");
            if (here is not RefundResult.NotFound) found = here;
            if (next is null) return found;
        }

        return new RefundResult.Unknown("too_many_refunds");
    }
}

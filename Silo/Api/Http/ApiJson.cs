using System.Text.Json.Serialization;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Callbacks;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Health;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.KeyRotation;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Api.Routing;
using OrleansPayments.Silo.Api.Routing.Replay;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>The JSON of every answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeJsonConverter)])]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ReadyBody))]
[JsonSerializable(typeof(CallbackBody))]
[JsonSerializable(typeof(MerchantBody))]
[JsonSerializable(typeof(MerchantHealthBody))]
[JsonSerializable(typeof(ApiKeyBody))]
[JsonSerializable(typeof(IssuedApiKeyBody))]
[JsonSerializable(typeof(ListBody<ApiKeyBody>), TypeInfoPropertyName = "ApiKeyList")]
[JsonSerializable(typeof(ConnectorBody))]
[JsonSerializable(typeof(ConnectorHealthBody))]
[JsonSerializable(typeof(ListBody<ConnectorBody>), TypeInfoPropertyName = "ConnectorList")]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(ListBody<PaymentBody>), TypeInfoPropertyName = "PaymentList")]
[JsonSerializable(typeof(PaymentTracesBody))]
[JsonSerializable(typeof(PaymentBatchBody))]
[JsonSerializable(typeof(PaymentValidationBody))]
[JsonSerializable(typeof(ListBody<ListedWorkItemBody>), TypeInfoPropertyName = "WorkItemList")]
[JsonSerializable(typeof(MasterKeyBody))]
[JsonSerializable(typeof(MerchantRoutingBody))]
[JsonSerializable(typeof(RoutePreviewBody))]
[JsonSerializable(typeof(PaymentRoutingBody))]
[JsonSerializable(typeof(RoutingPolicyBody))]
[JsonSerializable(typeof(RoutingReplayBody))]
[JsonSerializable(typeof(ListBody<RoutingReplayBody>), TypeInfoPropertyName = "RoutingReplayList")]
[JsonSerializable(typeof(RoutingReplayStatus))]
[JsonSerializable(typeof(PaymentStatus))]
[JsonSerializable(typeof(CaptureMethod))]
[JsonSerializable(typeof(PaymentResolution))]
internal sealed partial class ApiJson : JsonSerializerContext;
